"""What a customer is told whose question cannot be served, and what they can send instead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import msgspec

from services.support_qa.bot_words import RefusedWords
from services.support_qa.config import SupportQaSettings
from services.support_qa.replying.answering import shortened
from textwire.errors import RecordSkipped, RecordTooLarge
from textwire.stream.attribution import Remains, remains_of
from textwire.stream.processor import Outgoing, Rejected, Result
from textwire.support_qa.desk_results import STANDING_S
from textwire.support_qa.knowledge_results import trial_writes
from textwire.support_qa.masking import masked
from textwire.support_qa.messages import MOST_QUESTION_CHARACTERS, Answer, Question
from textwire.support_qa.results import answer_writes
from textwire.support_qa.topics import SUPPORT_ANSWERS
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.limits import correction, unfit_fields

# Enough to recognise what was asked. The conversation keeps no more of it: it may be of any size.
EXCERPT_CHARACTERS = 300
LIMIT = f"{MOST_QUESTION_CHARACTERS:,}"


def refusal(
    rejected: Rejected,
    words: RefusedWords,
    model: str,
    at: datetime,
    settings: SupportQaSettings,
    is_with_colleague: Callable[[str], bool],
) -> Result:
    """The answer to a question that was rejected; nothing where nobody can be told.

    What is kept of it is kept as of any other: masked, and for as long.

    Args: is_with_colleague: whether a session is, whose turns are kept for longer.
    """
    remains = remains_of(rejected)
    session_id = remains.identifier("session_id") or remains.key
    if session_id is None:
        return Result()
    question = Question(
        session_id=session_id,
        id=remains.identifier("id") or rejected.record.id,
        text=_excerpt(remains.text("text") or "", settings),
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
    told = (Outgoing(SUPPORT_ANSWERS, answer),)
    if _is_trial(remains):
        return Result(told, tuple(trial_writes(answer)))
    turns_kept_s = STANDING_S if is_with_colleague(session_id) else None
    return Result(
        told, tuple(answer_writes(question, answer, settings.conversation_s, turns_kept_s))
    )


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


def _excerpt(text: str, settings: SupportQaSettings) -> str:
    """Masked first: of a number that is cut, nothing tells any more that it is a card's."""
    beginning = text[:MOST_QUESTION_CHARACTERS]
    kept = masked(beginning) if settings.mask_personal_data else beginning
    return shortened(kept, EXCERPT_CHARACTERS)


def _is_trial(remains: Remains) -> bool:
    with suppress(*NOT_DECODABLE):
        return msgspec.json.decode(remains.fields.get("trial", b"false"), type=bool)
    return False


def _misfit(unfit: list[str], remains: Remains, words: RefusedWords) -> str:
    if "text" not in unfit:
        return words.unfit.replace("{what}", correction(unfit, Question))
    return words.too_long.replace("{limit}", LIMIT) if remains.text("text") else words.no_text
