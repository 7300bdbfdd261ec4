"""What a person who takes over is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from services.support_qa.handovers.summarising import summarised
from services.support_qa.replying.answering import as_sources, shortened
from textwire.support_qa.messages import Handoff, HandoffReason, Question, Turn
from textwire.support_qa.passage_index import Candidate

# Passages can be long, and a broker takes a megabyte; the agent sees what the customer was told.
TURN_CHARACTERS = 8_000
BOT_TURN_CHARACTERS = 2_000


def write_handoff(
    question: Question,
    reason: HandoffReason,
    before: Sequence[Turn],
    asked: Turn,
    candidates: Sequence[Candidate],
    at: datetime,
) -> Handoff:
    """What the person is given: the conversation with this question last, and what was found.

    Its id holds session and question: senders number questions as they like, and two sessions
    that both have a question "1" are two handoffs, while a repeat of one is the same.
    """
    return Handoff(
        id=handoff_id(question),
        session_id=question.session_id,
        question_id=question.id or "",
        reason=reason,
        conversation=tuple(_bounded(turn) for turn in (*before, asked)),
        candidates=as_sources(candidates),
        summary=summarised([*before, asked]),
        opened_at=at,
        changed_at=at,
    )


def handoff_id(question: Question) -> str:
    """The id of the handoff that a question leads to, if it leads to one."""
    return f"{question.session_id}/{question.id}"


def _bounded(turn: Turn) -> Turn:
    most = TURN_CHARACTERS if turn.role == "customer" else BOT_TURN_CHARACTERS
    return replace(turn, text=shortened(turn.text, most))
