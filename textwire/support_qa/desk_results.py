"""What the agent desk works on: the handoff of each session, and which of them are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from textwire.results.reading import read_list, read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Drop, Put, Remove, Write
from textwire.support_qa.messages import Handoff, Source, Turn
from textwire.support_qa.results import (
    DANGERS_KEY,
    DAY_S,
    KEPT_TURNS,
    OPEN_HANDOFFS_KEY,
    WAITS_KEY,
    handoff_key,
    session_key,
    suggested_key,
)

# As long as support.handoffs has them: until then somebody may still come back to the customer.
STANDING_S = 30 * DAY_S
# A desk that nobody works at fills up to this; then the one that waited longest falls off the list.
KEPT_OPEN = 5_000
KEPT_WAITS = 20


def handoff_writes(handoff: Handoff, kept_s: int = DAY_S) -> list[Write]:
    """What a handoff leaves in its state: itself, and its place in the queue until it is closed.

    Args: kept_s: how long it stays once it is closed.
    """
    session = handoff.session_id.encode()
    closed = handoff.state == "closed"
    stands = Put(
        handoff_key(handoff.session_id),
        msgspec.json.encode(handoff),
        ttl_s=kept_s if closed else STANDING_S,
    )
    if handoff.state == "taken":  # it keeps its place
        return [stands]
    lists = [OPEN_HANDOFFS_KEY, *([DANGERS_KEY] if handoff.reason == "in_danger" else [])]
    queued = [] if closed else [Append(one, session, keep=KEPT_OPEN) for one in lists]
    return [stands, *_leave_writes(handoff.session_id), *queued]


def wait_writes(handoff: Handoff, taken_at: datetime) -> list[Write]:
    """What taking a handoff leaves: how long the customer had waited, in seconds."""
    if handoff.opened_at is None:
        return []
    waited_s = max(0.0, (taken_at - handoff.opened_at).total_seconds())
    return [Append(WAITS_KEY, msgspec.json.encode(round(waited_s)), keep=KEPT_WAITS, ttl_s=DAY_S)]


def turn_writes(session_id: str, turn: Turn, kept_s: int = STANDING_S) -> list[Write]:
    """What is said to a customer without their having asked."""
    encoded = msgspec.json.encode(turn)
    return [Append(session_key(session_id), encoded, keep=KEPT_TURNS, ttl_s=kept_s)]


def suggestion_writes(session_id: str, sources: Sequence[Source]) -> list[Write]:
    """What was found for a customer's last message while a colleague is on the way or there."""
    encoded = msgspec.json.encode(sources)
    return [Put(suggested_key(session_id), encoded, ttl_s=STANDING_S)] if sources else []


def forget_handoff_writes(session_id: str) -> list[Write]:
    """What lets go of a session's handoff and of what was suggested to answer it with."""
    return [
        Remove(handoff_key(session_id)),
        Remove(suggested_key(session_id)),
        *_leave_writes(session_id),
    ]


def read_handoff(store: ResultStore, session_id: str) -> Handoff | None:
    """The last handoff of a session, in whatever state."""
    return read_value(store, handoff_key(session_id), Handoff)


def read_handoffs(store: ResultStore, session_ids: Iterable[str]) -> dict[str, Handoff]:
    """The last handoff of each of these sessions that has one, by session."""
    return read_values(store, {one: handoff_key(one) for one in session_ids}, Handoff)


def read_queue(store: ResultStore) -> list[str]:
    """The sessions whose handoffs are not closed: lives in danger, then who came first first."""
    held = [
        session
        for one in (DANGERS_KEY, OPEN_HANDOFFS_KEY)
        for session in store.tail(one, KEPT_OPEN)
    ]
    return list(dict.fromkeys(session.decode(errors="replace") for session in held))


def read_suggestions(store: ResultStore, session_id: str) -> tuple[Source, ...]:
    """What was found for the customer's last message that anything was found for."""
    return read_value(store, suggested_key(session_id), tuple[Source, ...]) or ()


def usual_wait(store: ResultStore) -> timedelta | None:
    """How long the last customers waited for a colleague: the median; None: none did in a day."""
    waits = sorted(read_list(store, WAITS_KEY, KEPT_WAITS, int))
    return timedelta(seconds=waits[len(waits) // 2]) if waits else None


def _leave_writes(session_id: str) -> list[Write]:
    return [Drop(one, session_id.encode()) for one in (OPEN_HANDOFFS_KEY, DANGERS_KEY)]
