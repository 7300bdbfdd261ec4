from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.ledger import Answered, Dead, Ledger, Place, Sent
from tests.chaos.verdict import Verdict, counted_once, verdict_of

SESSIONS = ("a", "b", "c")


def sent(count: int, expected: str = "answer") -> list[Sent]:
    """Questions of three sessions, each with a partition of its own."""
    return [
        Sent(f"q{n}", SESSIONS[n % 3], expected, Place("in", n % 3, n // 3)) for n in range(count)
    ]


def answered(questions: Iterable[Sent]) -> list[Answered]:
    return [Answered(one.id, one.key, one.place.offset + 1) for one in questions]


def judged(
    asked: Iterable[Sent], answers: Iterable[Answered], dead: Iterable[Dead] = ()
) -> Verdict:
    ledger = Ledger()
    for one in asked:
        ledger.took(one)
    ledger.saw(answers, dead)
    return verdict_of(ledger, numbered=True)


def interleaved(answers: list[Answered], dice: Random) -> list[Answered]:
    """In an order in which each session's stay as they were."""
    order = [answer.key for answer in answers]
    dice.shuffle(order)
    queues = {key: iter([one for one in answers if one.key == key]) for key in SESSIONS}
    return [next(queues[key]) for key in order]


@given(st.integers(0, 30), st.randoms(use_true_random=False))
def test_answers_once_each_and_in_order_of_their_keys_are_all_right(
    count: int, dice: Random
) -> None:
    questions = sent(count)
    assert judged(questions, interleaved(answered(questions), dice)).ok


@given(st.integers(1, 30), st.data())
def test_one_answer_less_is_lost_and_one_more_is_doubled(count: int, data: st.DataObject) -> None:
    questions = sent(count)
    answers = answered(questions)
    which = data.draw(st.integers(0, count - 1))

    assert judged(questions, answers[:which] + answers[which + 1 :]).faults["lost"] == [f"q{which}"]
    assert judged(questions, [*answers, answers[which]]).faults["doubled"] == [f"q{which}"]


def test_an_answer_before_an_earlier_one_of_its_key_is_out_of_order() -> None:
    questions = sent(6)
    q0, q1, q2, q3, q4, q5 = answered(questions)

    assert judged(questions, [q1, q0, q2, q4, q3, q5]).ok
    assert judged(questions, [q3, q0, q1, q2, q4, q5]).faults["out of order"] == [
        "q0 after q3 of a"
    ]


def test_a_number_that_was_given_twice_shows_what_was_forgotten() -> None:
    questions = sent(6)
    answers = answered(questions)
    answers[3] = Answered("q3", "a", 1)

    assert judged(questions, answers).faults["misnumbered"] == ["q3 of a: 1 for 2"]


def test_offsets_that_begin_again_in_a_topic_made_anew_are_later_all_the_same() -> None:
    old = [Sent("q0", "a", "answer", Place("in", 0, 5))]
    new = [Sent("q1", "a", "answer", Place("in", 0, 0), generation=1)]

    assert judged(old + new, [Answered("q0", "a", 1), Answered("q1", "a", 2)]).ok


def test_each_bad_record_has_one_dead_letter_and_no_good_one_has() -> None:
    bad = sent(2, "dead letter")
    letters = [Dead(one.place, "bad") for one in bad]

    assert judged(bad, [], letters).ok
    assert judged(bad, [], letters[:1]).count("dead letters lost") == 1
    assert judged(bad, [], [*letters, letters[0]]).count("dead letters too many") == 1
    assert judged(sent(1), answered(sent(1)), letters[:1]).count("dead letters too many") == 1


def test_what_redis_counts_is_compared_with_what_was_sent() -> None:
    verdict = Verdict()
    counted_once(verdict, ["a", "b", "b"], {"a": 2, "b": 1})

    assert verdict.faults == {"lost in Redis": ["b"], "doubled in Redis": ["a"]}
