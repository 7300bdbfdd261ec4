"""What a customer is told whose question cannot be served, and what they can send instead."""

from __future__ import annotations

from datetime import datetime

from services.support_qa.answering import shortened
from textwire.errors import RecordSkipped, RecordTooLarge
from textwire.stream.attribution import Remains, remains_of
from textwire.stream.processor import Outgoing, Rejected, Result
from textwire.support_qa.messages import MOST_QUESTION_CHARACTERS, Answer, Question
from textwire.support_qa.results import answer_writes
from textwire.support_qa.topics import SUPPORT_ANSWERS
from textwire.wire.limits import correction, unfit_fields

# Enough to recognise what was asked. The conversation keeps no more of it: it may be of any size.
EXCERPT_CHARACTERS = 300

TOO_LONG = (
    f"Your message is longer than {MOST_QUESTION_CHARACTERS:,} characters. "
    "Please send a shorter one."
)
TOO_LARGE = (
    "Your message is too large to be read. Please send a shorter one, of at most "
    f"{MOST_QUESTION_CHARACTERS:,} characters."
)
NO_WORDS = "There was no text in your message. Please write your question and send it again."
UNREADABLE = "Your message could not be read: it arrived damaged. Please send it again."
UNFIT = "Your message could not be read: {}. Please correct that and send it again."
SKIPPED = (
    "Your question could not be answered, and was set aside. I am sorry. "
    "Please ask again in other words, or ask for a person."
)
FAILED = (
    "Your question could not be answered because of an error on our side. I am sorry. "
    "Please ask again in other words, or ask for a person."
)


def refusal(rejected: Rejected, model: str, at: datetime) -> Result:
    """The answer to a question that was rejected; nothing where nobody can be told."""
    remains = remains_of(rejected)
    session_id = remains.identifier("session_id") or remains.key
    if session_id is None:
        return Result()
    question = Question(
        session_id=session_id,
        id=remains.identifier("id") or rejected.record.id,
        text=shortened(remains.text("text") or "", EXCERPT_CHARACTERS),
    )
    answer = Answer(
        question_id=question.id or "",
        session_id=session_id,
        outcome="refused",
        text=what_to_send(rejected, remains),
        confidence=0.0,
        sources=(),
        model=model,
        answered_at=at,
    )
    return Result((Outgoing(SUPPORT_ANSWERS, answer),), tuple(answer_writes(question, answer)))


def what_to_send(rejected: Rejected, remains: Remains) -> str:
    """Why a question was rejected, in a customer's words, and what can be sent instead."""
    if isinstance(rejected.error, RecordSkipped):
        return SKIPPED
    if unfit := unfit_fields(remains.fields, Question) if remains.whole else []:
        return _misfit(unfit, remains)
    if isinstance(rejected.error, RecordTooLarge):
        return TOO_LARGE
    if not remains.whole:
        return UNREADABLE
    return FAILED if (remains.text("text") or "").strip() else NO_WORDS


def _misfit(unfit: list[str], remains: Remains) -> str:
    if "text" not in unfit:
        return UNFIT.format(correction(unfit, Question))
    text = remains.text("text")
    return TOO_LONG if text else NO_WORDS
