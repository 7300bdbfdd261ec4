"""What somebody does about the knowledge: passages sent and deleted, questions tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from msgspec.structs import replace

from dashboards.connections import MessageSender
from dashboards.requests import Request, send_all
from textwire.errors import RecordRejected, TextwireError
from textwire.stream.clients.request_reply import fit_to_send
from textwire.support_qa.messages import Passage, Question
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE, SUPPORT_QUESTIONS

# What passages from this page have as their source, unless they have one.
SOURCE = "page"


@dataclass(frozen=True)
class PassageChange(Request):
    """A passage that was sent, or with None one that was deleted, until the bot has heard of it."""

    passage_id: str
    passage: Passage | None

    def is_done(self, passages: Mapping[str, Passage]) -> bool:
        """Whether the bot knows it."""
        return passages.get(self.passage_id) == self.passage


@dataclass(frozen=True)
class Trial(Request):
    """A question that the team tries."""

    question: Question


def edited(before: Passage | None, fields: Mapping[str, str]) -> Passage:
    """A passage with what was typed; what is left empty is none.

    Raises: RecordRejected: a field holds what it may not; the message says which.
    """
    typed = {name: text.strip() or None for name, text in fields.items()}
    tags = tuple(dict.fromkeys(t.strip() for t in (typed["tags"] or "").split(",") if t.strip()))
    start = before or Passage(id=f"page-{uuid4().hex[:12]}", text=".", source=SOURCE)
    passage = replace(
        start,
        question=typed["question"],
        text=typed["text"] or "",
        title=typed["title"],
        url=typed["url"],
        language=typed["language"],
        tags=tags,
    )
    return fit_to_send(passage, "saved")


def save(
    before: Passage | None,
    fields: Mapping[str, str],
    now: datetime,
    sender: Callable[[], MessageSender],
) -> PassageChange:
    """Send a passage as it was typed, and say what became of it."""
    try:
        passage = edited(before, fields)
    except RecordRejected as error:
        id_ = before.id if before else ""
        return PassageChange(passage_id=id_, passage=before, asked_at=now, problem=str(error))
    problem = send_all([(SUPPORT_KNOWLEDGE, passage)], sender)
    return PassageChange(passage_id=passage.id, passage=passage, asked_at=now, problem=problem)


def delete(passage_id: str, now: datetime, sender: Callable[[], MessageSender]) -> PassageChange:
    """Delete a passage, and say what became of it."""
    problem = ""
    try:
        sender().delete(SUPPORT_KNOWLEDGE, [passage_id])
    except TextwireError as error:
        problem = str(error)
    return PassageChange(passage_id=passage_id, passage=None, asked_at=now, problem=problem)


def try_out(text: str, now: datetime, sender: Callable[[], MessageSender]) -> Trial:
    """Ask the bot a question that nobody is called for, and that is counted nowhere."""
    trial_id = f"trial-{uuid4().hex}"
    question = Question(id=trial_id, session_id=trial_id, text=text, asked_at=now, trial=True)
    problem = send_all([(SUPPORT_QUESTIONS, question)], sender)
    return Trial(question=question, asked_at=now, problem=problem)
