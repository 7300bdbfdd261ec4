"""What a customer is told whose question cannot be served, and what they can send instead."""

from __future__ import annotations

from datetime import datetime

from services.support_qa.bot_words import RefusedWords
from services.support_qa.replying.answering import shortened
from textwire.errors import RecordSkipped, RecordTooLarge
from textwire.stream.attribution import Remains, remains_of
from textwire.stream.processor import Outgoing, Rejected, Result
from textwire.support_qa.messages import MOST_QUESTION_CHARACTERS, Answer, Question
from textwire.support_qa.results import answer_writes
from textwire.support_qa.topics import SUPPORT_ANSWERS
from textwire.wire.limits import correction, unfit_fields

# Enough to recognise what was asked. The conversation keeps no more of it: it may be of any size.
EXCERPT_CHARACTERS = 300
LIMIT = f"{MOST_QUESTION_CHARACTERS:,}"


def refusal(rejected: Rejected, words: RefusedWords, model: str, at: datetime) -> Result:
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
        text=what_to_send(rejected, remains, words),
        confidence=0.0,
        sources=(),
        model=model,
        answered_at=at,
    )
    return Result((Outgoing(SUPPORT_ANSWERS, answer),), tuple(answer_writes(question, answer)))


def what_to_send(rejected: Rejected, remains: Remains, words: RefusedWords) -> str:
    """Why a question was rejected, in a customer's words, and what can be sent instead."""
    if isinstance(rejected.error, RecordSkipped):
        return words.skipped
    if unfit := unfit_fields(remains.fields, Question) if remains.whole else []:
        return _misfit(unfit, remains, words)
    if isinstance(rejected.error, RecordTooLarge):
        return words.too_large.replace("{limit}", LIMIT)
    if not remains.whole:
        return words.unreadable
    return words.failed if (remains.text("text") or "").strip() else words.no_text


def _misfit(unfit: list[str], remains: Remains, words: RefusedWords) -> str:
    if "text" not in unfit:
        return words.unfit.replace("{what}", correction(unfit, Question))
    return words.too_long.replace("{limit}", LIMIT) if remains.text("text") else words.no_text
