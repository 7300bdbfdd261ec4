from __future__ import annotations

import pytest

from services.support_qa.bot_words import read_foreign_words, read_words
from services.support_qa.replying.answering import write_answer
from services.support_qa.replying.replying import Bounds, Found, Reply, reply_to
from services.support_qa.understanding.searching import Search
from services.support_qa.understanding.understanding import Understood, understood
from tests.services.support_qa.snapshots import AT
from textwire.support_qa.dialogue_acts import Reading
from textwire.support_qa.messages import Act, Answer, Passage, Question, Turn
from textwire.support_qa.passage_index import Candidate

BOUNDS = Bounds(answer=0.7, ask_back=0.05)
TWO = "what is the rate and can I withdraw any time"


def candidate(text: str) -> Candidate:
    passage = Passage(id=text, text=text, question=f"{text}?")
    return Candidate(passage, 0.5, 0.5, 0.0, 1, None, 0.5)


RATE, MOVING, CASH = candidate("2.1 %"), candidate("Move out"), candidate("€600")


def found(confidence: float, *candidates: Candidate) -> Found:
    return Found(candidates, confidence, (candidates[0].passage.text,))


def read(act: Act, probability: float = 0.95, **parts: float) -> Reading:
    return Reading(act, probability, {act: probability} | parts)  # type: ignore[arg-type]


def reply_to_two(*each: Found) -> Reply:
    return reply_to(understood(TWO, [], read("two_questions")), [], each, BOUNDS)


def test_of_two_questions_the_one_without_a_sure_answer_is_asked_back() -> None:
    reply = reply_to_two(
        found(0.8, RATE), found(0.9, RATE), found(0.4, MOVING, CASH), found(0.88, CASH)
    )
    assert [one.candidates[0] for one in reply.found] == [RATE]
    assert (reply.outcome, reply.choices) == ("answered", ("Move out?", "€600?"))
    answer = written(reply)
    assert answer.text == f"2.1 % [1]\n\n{read_words().others.asked_back_too}"
    assert [source.passage_id for source in answer.sources] == ["2.1 %", "Move out", "€600"]


def test_alone_a_second_question_is_sure_where_its_reading_with_the_first_agrees() -> None:
    reply = reply_to_two(found(0.8, RATE), found(0.9, RATE), found(0.6, CASH), found(0.88, CASH))
    assert [one.candidates[0] for one in reply.found] == [RATE, CASH]
    assert reply.choices == ()


def test_two_questions_that_one_passage_answers_are_answered_with_it() -> None:
    reply = reply_to_two(found(0.8, RATE), found(0.9, RATE), found(0.2, CASH), found(0.8, RATE))
    assert [one.candidates[0] for one in reply.found] == [RATE]
    assert reply.choices == ()


def test_of_two_questions_without_any_sure_answer_the_whole_counts() -> None:
    reply = reply_to_two(found(0.8, MOVING), found(0.4, RATE), found(0.4, CASH), found(0.3, CASH))
    assert [one.candidates[0] for one in reply.found] == [MOVING]


def test_a_doubtful_wish_for_a_person_is_one_unless_the_search_is_sure() -> None:
    message = understood("someone should use my account too", [], read("wants_person", 0.6))
    sure = reply_to(message, [], [found(0.8, RATE)], BOUNDS)
    unsure = reply_to(message, [], [found(0.6, RATE)], BOUNDS)
    assert sure.outcome == "answered"
    assert (unsure.outcome, unsure.reason) == ("handed_over", "customer_asked")


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(0.8, "answered"), (0.6, "asked_back"), (0.2, "acknowledged")]
)
def test_what_may_be_small_talk_is_left_at_that_where_nothing_is_near(
    confidence: float, outcome: str
) -> None:
    message = understood("larkpoints", [], read("small_talk", 0.6))
    assert reply_to(message, [], [found(confidence, RATE)], BOUNDS).outcome == outcome


def test_what_was_told_already_is_the_last_that_is_offered() -> None:
    before = [Turn(role="bot", text="2.1 % [1]", at=AT, outcome="answered")]
    message = Understood(read("follow_up"), (Search("and then?"),))
    reply = reply_to(message, before, [found(0.4, RATE, MOVING, CASH)], BOUNDS)
    assert reply.choices == ("Move out?", "€600?", "2.1 %?")


def written(reply: Reply) -> Answer:
    return write_answer(
        Question(session_id="s", text=TWO, id="q"),
        understood(TWO, [], read("two_questions")),
        reply,
        read_words(),
        read_foreign_words(),
        3,
        "v1",
        AT,
    )


def offered(*passages: Passage) -> tuple[str, ...]:
    found_ones = tuple(Candidate(one, 0.5, 0.5, 0.0, 1, None, 0.5) for one in passages)
    message = understood("what now", [], read("question"))
    return reply_to(message, [], [Found(found_ones, 0.4)], BOUNDS).choices


def test_a_section_is_offered_by_its_own_heading_unless_two_have_the_same() -> None:
    faults = Passage(id="1", text="a", title="Help › Faults › No internet")
    router, phone = (
        Passage(id=name, text=name, title=f"Help › {name} › Costs") for name in ("Router", "Phone")
    )
    assert offered(faults, router) == ("No internet", "Costs")
    assert offered(router, phone) == ("Help › Router › Costs", "Help › Phone › Costs")


def test_what_is_offered_is_in_the_bots_language_where_anything_is() -> None:
    german = Passage(id="1", text="Ja.", question="Kann ich mich auf Deutsch anmelden?")
    english = Passage(id="2", text="Yes.", question="How do I get a library card?")
    assert offered(german, english) == ("How do I get a library card?",)
    assert offered(german) == ("Kann ich mich auf Deutsch anmelden?",)


def test_sources_of_one_page_bear_their_own_questions() -> None:
    page = [
        Candidate(Passage(id=q, text=q, question=q, title="Bills"), 0.5, 0.5, 0.0, 1, None, 0.5)
        for q in ("When?", "How?")
    ]
    other = candidate("Move out")
    reply = Reply("answered", (Found([*page, other], 0.9, ("When?",)),))
    assert [source.title for source in written(reply).sources] == ["When?", "How?", "Move out?"]


def told(what: Candidate, *more: Turn) -> list[Turn]:
    return [
        Turn(role="customer", text="rate", at=AT, act="question"),
        Turn(role="bot", text=what.passage.text, at=AT, outcome="answered"),
        *more,
    ]


def rejecting(before: list[Turn], *candidates: Candidate) -> Reply:
    message = understood("not what I wanted", before, read("complaint"))
    return reply_to(message, before, [found(0.9, *candidates)], BOUNDS)


def test_who_complains_of_an_answer_is_asked_what_else_was_meant() -> None:
    reply = rejecting(told(RATE), RATE, MOVING, CASH)
    assert reply.outcome == "asked_back"
    assert reply.choices == ("Move out?", "€600?")
    assert reply.rejected


def test_where_nothing_else_is_near_the_complaint_is_only_acknowledged() -> None:
    assert rejecting(told(RATE), RATE).outcome == "acknowledged"


def test_yes_to_the_colleague_offered_with_other_answers_calls_one() -> None:
    complaint = Turn(role="customer", text="not what I wanted", at=AT, act="complaint")
    offer = Turn(role="bot", text="Shall I?", at=AT, outcome="asked_back", choices=("Move out?",))
    before = told(RATE, complaint, offer)
    reply = reply_to(understood("yes", before, read("yes")), before, [], BOUNDS)
    assert (reply.outcome, reply.reason) == ("handed_over", "customer_asked")


@pytest.mark.parametrize(("confidence", "outcome"), [(0.3, "asked_back"), (0.01, "acknowledged")])
def test_who_refuses_a_colleague_is_not_handed_over_for_an_unsure_answer(
    confidence: float, outcome: str
) -> None:
    message = understood("no staff, what rate", [], read("refuses_person", question=0.8))
    searched = [found(confidence, RATE)] * len(message.searches)
    assert reply_to(message, [], searched, BOUNDS).outcome == outcome


@pytest.mark.parametrize("act", ["refuses_person", "question"])
def test_who_wants_no_colleague_is_told_what_is_not_known(act: Act) -> None:
    message = understood("no staff, what rate", [], read(act, question=0.8, refuses_person=0.8))
    reply = reply_to(message, [], [found(0.01, RATE)] * len(message.searches), BOUNDS)
    assert words_of(message, reply) == read_words().others.not_known_to_me


def test_who_complains_of_an_answer_is_offered_a_colleague_too() -> None:
    message = understood("not what I wanted", told(RATE), read("complaint"))
    reply = reply_to(message, told(RATE), [found(0.9, RATE, MOVING)], BOUNDS)
    assert words_of(message, reply) == read_words().others.not_what_was_asked


def words_of(message: Understood, reply: Reply) -> str:
    question = Question(id="q", session_id="s", text="x", asked_at=AT)
    words, foreign = read_words(), read_foreign_words()
    return write_answer(question, message, reply, words, foreign, 3, "v1", AT).text


def asked_back(*choices: str) -> Turn:
    return Turn(role="bot", text="Which?", at=AT, outcome="asked_back", choices=choices)


def customer(act: Act, text: str = "hm") -> Turn:
    return Turn(role="customer", text=text, at=AT, act=act)


def test_something_else_may_be_asked_back_right_after_but_the_same_may_not() -> None:
    message = understood("what now", [], read("question"))
    before = [customer("question"), asked_back("Move out?")]
    other = reply_to(message, before, [found(0.4, RATE, CASH)], BOUNDS)
    same = reply_to(message, before, [found(0.4, MOVING, CASH)], BOUNDS)
    assert (other.outcome, same.outcome) == ("asked_back", "handed_over")


def test_nothing_is_asked_back_a_third_time_in_a_row() -> None:
    message = understood("what now", [], read("question"))
    before = [customer("question"), asked_back("A?"), customer("question"), asked_back("B?")]
    assert reply_to(message, before, [found(0.4, RATE)], BOUNDS).outcome == "handed_over"


def test_a_yes_to_several_choices_is_asked_which() -> None:
    reply = reply_to(Understood(read("yes")), [asked_back("A?", "B?")], [], BOUNDS)
    assert (reply.outcome, reply.choices, reply.which) == ("asked_back", ("A?", "B?"), True)


@pytest.mark.parametrize("act", ["no", "refuses_person"])
def test_who_meant_none_of_the_choices_is_offered_a_colleague(act: Act) -> None:
    declined = reply_to(Understood(read(act)), [customer("question"), asked_back("A?")], [], BOUNDS)
    assert (declined.outcome, declined.declined) == ("acknowledged", True)
    told = Turn(role="bot", text="None?", at=AT, outcome="acknowledged")
    before = [customer("question"), asked_back("A?"), customer(act), told]
    agreed = reply_to(Understood(read("yes")), before, [], BOUNDS)
    assert (agreed.outcome, agreed.reason) == ("handed_over", "customer_asked")


def test_what_stands_in_the_own_account_has_no_sure_answer() -> None:
    message = understood("what is my balance", [], read("question"))
    reply = reply_to(message, [], [found(0.99, RATE, CASH)], BOUNDS)
    assert (reply.outcome, reply.choices) == ("asked_back", ("2.1 %?", "€600?"))
    assert reply.confidence <= BOUNDS.answer


def test_who_may_be_in_danger_gets_a_colleague_whatever_was_found() -> None:
    message = understood("i want to kill myself", [], read("question"))
    reply = reply_to(message, [], [found(0.99, RATE)], BOUNDS)
    assert (reply.outcome, reply.reason) == ("handed_over", "in_danger")


def test_who_grieves_is_answered_or_gets_a_colleague_and_no_choices() -> None:
    message = understood("my wife died", [], read("small_talk"))
    assert reply_to(message, [], [found(0.8, RATE)], BOUNDS).outcome == "answered"
    assert reply_to(message, [], [found(0.4, RATE)], BOUNDS).outcome == "handed_over"


def test_what_goes_on_from_a_wish_for_a_person_is_no_question_to_the_passages() -> None:
    called = Turn(role="bot", text="Of course.", at=AT, outcome="handed_over")
    before = [customer("wants_person"), called]
    short = understood("are they coming?", before, read("follow_up"))
    assert reply_to(short, before, [found(0.9, RATE)], BOUNDS).outcome == "waiting"
    own = understood("and the interest rate on pots meanwhile?", before, read("follow_up"))
    assert reply_to(own, before, [found(0.9, RATE)], BOUNDS).outcome == "answered"


def test_of_what_a_short_question_finds_the_one_nearer_to_the_subject_is_offered_too() -> None:
    before = [customer("question", "can I buy shares")]
    message = understood("what fees", before, read("question"))
    each = [found(0.9, RATE, CASH), found(0.4, MOVING, CASH)]
    reply = reply_to(message, before, each, BOUNDS)
    assert (reply.outcome, reply.choices) == ("asked_back", ("€600?", "2.1 %?"))
    sure = reply_to(message, before, [each[0], found(0.9, CASH, RATE)], BOUNDS)
    assert (sure.outcome, sure.found[0].candidates[0]) == ("answered", CASH)


def test_a_correction_does_not_get_the_same_passage_again() -> None:
    before = [customer("question", "my pin"), Turn(role="bot", text="2.1 %", at=AT)]
    message = understood("not the app pin, the card one", before, read("follow_up"))
    reply = reply_to(message, before, [found(0.9, RATE, CASH)], BOUNDS)
    assert (reply.outcome, reply.choices) == ("asked_back", ("€600?",))
