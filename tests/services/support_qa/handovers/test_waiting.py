from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.bot_words import read_foreign_words, read_words
from services.support_qa.handovers.waiting import told_while_waiting, wait_words, with_standing
from services.support_qa.replying.replying import Reply
from tests.services.support_qa.snapshots import AT
from textwire.support_qa.messages import Answer, AnswerOutcome, Handoff

WORDS, FOREIGN = read_words(), read_foreign_words()
OPEN = Handoff(
    id="h1", session_id="s", question_id="q1", reason="customer_asked", conversation=(),
    candidates=(), opened_at=AT,
)  # fmt: skip
TAKEN = Handoff(
    id="h1", session_id="s", question_id="q1", reason="customer_asked", conversation=(),
    candidates=(), opened_at=AT, state="taken", agent="Maria",
)  # fmt: skip


def answer(outcome: AnswerOutcome, text: str = "A colleague will reply.") -> Answer:
    return Answer(
        session_id="s", question_id="q1", outcome=outcome, text=text, confidence=0.0, sources=(),
        model="v1", answered_at=AT,
    )  # fmt: skip


def told(
    said: Answer,
    standing: Handoff | None = None,
    foreign: str | None = None,
    wait: timedelta | None = None,
) -> str:
    return told_while_waiting(said, standing, foreign, wait, WORDS, FOREIGN).text


@pytest.mark.parametrize(
    ("outcome", "standing", "then"),
    [
        ("answered", None, "answered"),
        ("handed_over", None, "handed_over"),
        ("waiting", None, "handed_over"),
        ("answered", OPEN, "answered"),
        ("handed_over", OPEN, "waiting"),
        ("answered", TAKEN, "waiting"),
        ("handed_over", TAKEN, "waiting"),
        ("asked_back", TAKEN, "waiting"),
    ],
)
def test_a_colleague_is_called_once_and_then_speaks_alone(
    outcome: AnswerOutcome, standing: Handoff | None, then: AnswerOutcome
) -> None:
    assert with_standing(Reply(outcome, choices=()), standing).outcome == then


def test_beside_a_colleague_the_bot_offers_no_choices_and_says_nothing() -> None:
    reply = with_standing(Reply("asked_back", choices=("this", "that")), TAKEN)
    assert reply.choices == ()
    assert told(answer("waiting"), TAKEN) == ""


def test_who_waits_is_told_how_long_others_did() -> None:
    wait = timedelta(minutes=4)
    assert told(answer("handed_over"), wait=wait).endswith("waited about 4 minutes.")
    assert told(answer("waiting"), OPEN, wait=wait).endswith("waited about 4 minutes.")
    assert told(answer("answered"), wait=wait) == "A colleague will reply."
    assert told(answer("handed_over")) == "A colleague will reply."


def test_who_writes_in_another_language_and_waits_is_told_so_in_it() -> None:
    assert told(answer("waiting"), OPEN, "de") == FOREIGN.to_who_waits("de")
    wait = timedelta(minutes=4)
    assert told(answer("handed_over"), None, "de", wait) == "A colleague will reply."


@pytest.mark.parametrize(
    ("wait", "time"),
    [
        (timedelta(0), "a minute"),
        (timedelta(seconds=89), "a minute"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(minutes=89), "89 minutes"),
        (timedelta(minutes=90), "2 hours"),
        (timedelta(hours=5), "5 hours"),
    ],
)
def test_a_wait_is_told_in_whole_minutes_or_hours(wait: timedelta, time: str) -> None:
    assert wait_words(wait, WORDS.wait) == f"The last customers waited about {time}."


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_no_wait_is_told_as_nothing(wait: timedelta) -> None:
    assert " 0 " not in wait_words(wait, WORDS.wait)
