"""A conversation is kept for its time, and erased whole when it is to be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from textwire.results.memory import MemoryResults
from textwire.support_qa.messages import Answer, Question
from textwire.support_qa.results import (
    KEPT_TURNS,
    answer_writes,
    forget_writes,
    read_answer,
    read_outcomes,
    read_recent,
    read_turns,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR_S = 60 * 60


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryResults:
    return MemoryResults(clock)


def ask(store: MemoryResults, session: str, number: int, kept_s: int = HOUR_S) -> None:
    question = Question(session_id=session, text="where is it?", id=f"q{number}", asked_at=AT)
    answer = Answer(
        question_id=f"q{number}",
        session_id=session,
        outcome="answered",
        text=f"There, {session}.",
        confidence=0.9,
        sources=(),
        model="v1",
        answered_at=AT,
    )
    store.write(answer_writes(question, answer, kept_s))


def test_a_conversation_goes_when_its_time_after_the_last_question_is_over(
    store: MemoryResults, clock: Clock
) -> None:
    ask(store, "s", 1)
    clock.now_s = HOUR_S - 1
    ask(store, "s", 2)
    clock.now_s = HOUR_S + 1
    assert len(read_turns(store, "s")) == 4
    clock.now_s = 2 * HOUR_S
    assert read_turns(store, "s") == []
    assert read_answer(store, "s", "q2") is None
    assert read_recent(store) == []


def test_a_session_that_is_forgotten_leaves_nothing_and_others_stay(store: MemoryResults) -> None:
    many = range(KEPT_TURNS)  # more than there are turns: answers outlast those
    for number in many:
        ask(store, "s", number)
    ask(store, "other", 1)
    store.write(forget_writes(store, "s"))
    assert read_turns(store, "s") == []
    assert [read_answer(store, "s", f"q{number}") for number in many] == [None] * len(many)
    assert [answer.session_id for answer in read_recent(store, 200)] == ["other"]
    assert len(read_turns(store, "other")) == 2
    assert read_answer(store, "other", "q1")
    assert read_outcomes(store) == {"answered": KEPT_TURNS + 1}


def test_what_is_asked_while_a_session_is_being_forgotten_stays(store: MemoryResults) -> None:
    ask(store, "s", 1)
    erasing = forget_writes(store, "s")
    ask(store, "s", 2)
    store.write(erasing)
    assert [turn.question_id for turn in read_turns(store, "s")] == ["q2", "q2"]
    assert read_answer(store, "s", "q2")
    assert forget_writes(store, "s")


def test_of_a_session_that_is_not_known_there_is_nothing_to_forget(store: MemoryResults) -> None:
    ask(store, "other", 1)
    assert forget_writes(store, "s") == []
