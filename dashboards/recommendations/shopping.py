"""What a shopper does on the page, sent to the topics, and the lists that come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from dashboards.connections import MessageSender
from dashboards.requests import Request, send_all
from textwire.recommendations.messages import BehaviourEvent, EventKind, ScoredList, ScoreRequest
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS


@dataclass(frozen=True)
class ListRequest(Request):
    """A list that was asked for."""

    user_id: str
    request_id: str
    context: str = ""

    def is_granted(self, scored: ScoredList | None) -> bool:
        """Whether a list came since it was asked for."""
        if scored is None or scored.user_id != self.user_id:
            return False
        return scored.request_id == self.request_id or scored.scored_at >= self.asked_at

    def refusal(self, refused: ScoredList | None) -> str:
        """Why the list cannot be made and what to do, if it was refused; else nothing."""
        if refused is None or refused.request_id != self.request_id:
            return ""
        return refused.error or ""


def done(
    user_id: str, kind: EventKind, now: datetime, item_id: str | None = None, text: str = ""
) -> BehaviourEvent:
    """An event with an id of its own."""
    return BehaviourEvent(
        user_id=user_id, kind=kind, id=uuid4().hex, item_id=item_id, text=text or None, at=now
    )


def ask_for_list(
    user_id: str, k: int, now: datetime, sender: Callable[[], MessageSender],
    context: str = "", events: Sequence[BehaviourEvent] = (),
) -> ListRequest:  # fmt: skip
    """Send what was done, then ask for the list that follows from it."""
    request = ScoreRequest(user_id=user_id, id=uuid4().hex, k=k, context=context or None)
    done_first = [(RECS_EVENTS, event) for event in events]
    problem = send_all([*done_first, (RECS_REQUESTS, request)], sender)
    return ListRequest(user_id, request.id or "", context, asked_at=now, problem=problem)


def ask_to_be_forgotten(user_id: str, now: datetime, sender: Callable[[], MessageSender]) -> str:
    """Ask that all that is known of a user be erased.

    Returns: why it could not be asked, or nothing.
    """
    return send_all([(RECS_EVENTS, done(user_id, "forget", now))], sender)


def list_to_show(
    stored: ScoredList | None,
    held: ScoredList | None,
    request: ListRequest | None,
    writing: bool = False,
) -> ScoredList | None:
    """The list in Redis; but while somebody searches, not one that was pushed in between.

    Nor any other while they write about an item: a field that moves, or leaves with its item,
    loses what was typed and not sent yet.
    """
    if stored is None or held is None or held.user_id != stored.user_id:
        return stored
    if writing:
        return held
    sought = request is not None and request.context and held.request_id == request.request_id
    return held if sought and stored.trigger == "push" else stored


def moves(before: ScoredList | None, after: ScoredList) -> dict[str, int | None]:
    """How many places each item rose since the list before; None for one that was not in it.

    Without a list before, nothing moved.
    """
    if before is None or before.user_id != after.user_id:
        return {item.item_id: 0 for item in after.scores}
    ranks = {item.item_id: item.rank for item in before.scores}
    return {
        item.item_id: ranks[item.item_id] - item.rank if item.item_id in ranks else None
        for item in after.scores
    }
