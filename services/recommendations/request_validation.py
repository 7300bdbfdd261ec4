"""What a request must say to be served."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from services.recommendations.event_validation import checked
from textwire.errors import RecordRejected
from textwire.recommendations.messages import BehaviourEvent, EventKind, Mode, Range, ScoreRequest

ABOUT_AN_ITEM: frozenset[Mode] = frozenset({"similar", "bought_together"})
# They say who somebody is, and are nothing that a user does.
NO_DEED: frozenset[EventKind] = frozenset({"identify", "forget"})


def checked_request(request: ScoreRequest, reply_topics: Collection[str]) -> ScoreRequest:
    """The request itself.

    Args:   reply_topics: what `reply_to` may name.
    Raises: RecordRejected: what it asks for is not said, or cannot be.
    """
    if request.mode in ABOUT_AN_ITEM and request.item_id is None:
        raise RecordRejected(f"`mode` is {request.mode}, so `item_id` has to name an item")
    if request.reply_to is not None and request.reply_to not in reply_topics:
        allowed = ", ".join(sorted(reply_topics)) or "no topic"
        raise RecordRejected(
            f"`reply_to` names {request.reply_to}; the setting recommendations.reply_topics allows "
            f"{allowed}"
        )
    for name, wanted in request.filters.items():
        if isinstance(wanted, Range) and _is_empty(wanted):
            raise RecordRejected(
                f"`filters` wants `{name}` from {wanted.min:g} to {wanted.max:g}, which no number "
                "is. Send a `min` that is not above `max`"
            )
    if named := sorted({one.kind for one in request.what_if} & NO_DEED):
        raise RecordRejected(f"`what_if` supposes {', '.join(named)}, which is nothing one does")
    supposed(request, datetime.now(UTC))
    return request


def supposed(request: ScoreRequest, now: datetime) -> list[BehaviourEvent]:
    """What a request supposes, as events of its user at this moment.

    Raises: RecordRejected: one says nothing of use.
    """
    return [
        checked(
            BehaviourEvent(
                user_id=request.user_id,
                kind=one.kind,
                id=f"supposed-{number}",
                item_id=one.item_id,
                text=one.text,
                value=one.value,
                at=now,
            ),
            now,
        )
        for number, one in enumerate(request.what_if)
    ]


def _is_empty(wanted: Range) -> bool:
    return wanted.min is not None and wanted.max is not None and wanted.min > wanted.max
