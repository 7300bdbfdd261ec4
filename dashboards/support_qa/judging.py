"""What somebody thinks of an answer, sent as feedback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dashboards.connections import MessageSender
from dashboards.requests import Request, send_all
from textwire.support_qa.messages import Feedback, FeedbackKind
from textwire.support_qa.topics import SUPPORT_FEEDBACK

THANKS: dict[FeedbackKind, str] = {
    "helpful": "Thank you!",
    "unhelpful": "Thank you. We look into it.",
    "corrected": "Thank you, that helps us to do better.",
}


@dataclass(frozen=True)
class Judgement(Request):
    """Feedback that was sent, or could not be."""

    kind: FeedbackKind

    @property
    def words(self) -> str:
        """What is said to it."""
        return self.problem or THANKS[self.kind]


def send_judgement(
    session_id: str,
    question_id: str,
    kind: FeedbackKind,
    now: datetime,
    sender: Callable[[], MessageSender],
    text: str | None = None,
    passage_id: str | None = None,
    by: str | None = None,
) -> Judgement:
    """Send what is thought of an answer, and say what became of it.

    Args: text, passage_id: what is right instead, and which passage has it.
          by: the colleague who says so; None: the customer.
    """
    feedback = Feedback(
        question_id=question_id,
        session_id=session_id,
        kind=kind,
        text=text,
        passage_id=passage_id,
        by=by,
        at=now,
    )
    problem = send_all([(SUPPORT_FEEDBACK, feedback)], sender)
    return Judgement(kind=kind, asked_at=now, problem=problem)
