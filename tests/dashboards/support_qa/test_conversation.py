from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.support_qa.asking import send_waiting
from dashboards.support_qa.conversation import (
    Exchange,
    ask,
    exchanges,
    new_session_id,
    still_waiting,
    told_apart,
)
from tests.dashboards.page_examples import NOW, RecordingSender, answer, refusal
from textwire.support_qa.messages import Answer, Question, Turn
from textwire.support_qa.results import answer_turns


def turn(role: str, text: str, question_id: str | None = None, at_s: float = 0) -> Turn:
    return Turn(role=role, text=text, at=NOW + timedelta(seconds=at_s), question_id=question_id)  # type: ignore[arg-type]


def test_each_question_stands_with_its_answer() -> None:
    given = answer(Question(id="q2", session_id="s", text="second", asked_at=NOW))
    turns = [
        turn("customer", "first", "q1"),
        turn("bot", "first answer", "q1"),
        turn("customer", "second", "q2"),
        turn("bot", given.text, "q2"),
    ]
    one, two = exchanges(turns, {"q2": given})
    assert (one.asked, one.said, one.answer) == (turns[0], turns[1], None)
    assert (two.answer, two.latency_ms) == (given, pytest.approx(38))


def test_an_answer_whose_question_is_forgotten_stands_alone() -> None:
    turns = [turn("bot", "an answer", "q0"), turn("customer", "next", "q1"), turn("agent", "hi")]
    forgotten, asked, agent = exchanges(turns, {})
    assert forgotten.asked is None
    assert asked.said is None
    assert agent.said == turns[2]


def refused(text: str) -> tuple[list[Turn], Answer]:
    question = Question(id="q1", session_id="s", text=text)
    given = refusal(question)
    return list(answer_turns(question, given)), given


def test_a_refused_question_stands_with_its_refusal() -> None:
    turns, given = refused("too long")
    assert exchanges(turns, {"q1": given}) == [Exchange(turns[0], turns[1], given)]


def test_what_was_refused_and_then_served_shows_once() -> None:
    turns, _ = refused("too long")
    question = Question(id="q1", session_id="s", text="too long", asked_at=NOW)
    given = answer(question)
    served = list(answer_turns(question, given))
    [exchange] = exchanges([*turns, *served], {"q1": given})
    assert exchange.answer == given


def test_a_refusal_under_a_repeated_id_does_not_take_the_place_of_the_answer() -> None:
    question = Question(id="q1", session_id="s", text="first", asked_at=NOW)
    served = list(answer_turns(question, answer(question)))
    turns, given = refused("second, under the same id")
    first, second = exchanges([*served, *turns], {"q1": given})
    assert (first.said, first.answer) == (served[1], None)
    assert second.answer == given


def test_an_exchange_keeps_its_name_when_older_ones_are_forgotten() -> None:
    said = exchanges([turn("customer", "x", "q1"), turn("customer", "y", "q2")], {})
    names = [name for name, _ in told_apart(said)]
    assert [name for name, _ in told_apart(said[1:])] == names[1:]


@given(st.lists(st.sampled_from(["q", "q_1", "q_1_1", "_1", None])))
def test_no_two_exchanges_share_a_name(question_ids: list[str | None]) -> None:
    said = [Exchange(turn("customer", "x", one)) for one in question_ids]
    names = [name for name, _ in told_apart(said)]
    assert len(set(names)) == len(said)


def test_clocks_that_disagree_give_no_latency() -> None:
    early = answer(Question(id="q", session_id="s", text="x", asked_at=NOW - timedelta(hours=1)))
    [exchange] = exchanges([turn("customer", "x", "q"), turn("bot", "y", "q")], {"q": early})
    assert exchange.latency_ms is None


def test_a_question_that_is_dated_long_ago_gives_no_latency() -> None:
    given = answer(Question(id="q", session_id="s", text="x", asked_at=NOW))
    years_s = -56 * 365 * 24 * 3600
    turns = [turn("customer", "x", "q", at_s=years_s), turn("bot", given.text, "q")]
    assert [one.latency_ms for one in exchanges(turns, {"q": given})] == [None]


def test_a_question_that_a_turn_tells_of_is_waited_for_no_longer() -> None:
    one, two = ask("s", "one", NOW), ask("s", "two", NOW)
    assert still_waiting([one, two], [turn("customer", "one", one.question_id)]) == [two]


def test_a_question_is_sent_once() -> None:
    sender, waiting = RecordingSender(), [ask("s", "one", NOW)]
    send_waiting(waiting, lambda: sender)
    send_waiting(waiting, lambda: sender)
    assert len(sender.sent) == 1


def test_a_new_session_id_is_new() -> None:
    assert new_session_id() != new_session_id()
