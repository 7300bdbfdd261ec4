"""Pushing a list once a user's events changed it: marked, waited for, asked for.

Events mark their user as due in the store. Each replica looks for those whose time has come and
asks for their list on `recs.requests`, as any program does; whoever reads that partition publishes
the list if it differs from the last one. Nothing hangs on one process: a mark stays until it was
seen to, and what a process began and did not end another begins again. So a list may be looked at
twice, and is published once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.messages import ScoreRequest
from textwire.recommendations.results import due_writes, in_flight_writes, pushed_writes, read_due
from textwire.recommendations.topics import RECS_REQUESTS
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.wire.message import Message
from textwire.wire.topic import Topic

# How often it is looked: a push is late by as much. Replicas that look at different times seldom
# ask for the same list.
LOOK_EVERY_S, LOOKS_SPREAD = 0.25, 0.5
# Sending takes milliseconds, and fails after 10 s.
GIVEN_UP_AFTER = timedelta(seconds=30)
AT_ONCE = 500


class Sending(Protocol):
    """What writes messages to their topics."""

    def send_all(self, topic: Topic, messages: list[Message]) -> None:
        """Returns once all are acknowledged.

        Raises: BrokerUnavailable.
        """
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


def mark_writes(
    user_id: str, changed_at: datetime | None, now: datetime, settings: RecommendationsSettings
) -> list[Write]:
    """A user's list is due once they were quiet for a while, or have waited long enough.

    Args: changed_at: when the first event came that nobody was told of; None: just now.
    """
    if not settings.push:
        return []
    first = changed_at or now
    at_most = timedelta(seconds=settings.push_at_most_s)
    due = min(now + timedelta(seconds=settings.debounce_s), first + at_most)
    return due_writes(user_id, first, due, kept_for=2 * at_most + GIVEN_UP_AFTER)


class Pusher:
    """Asks for the lists of users who are due."""

    def __init__(
        self, store: ResultStore, connect: Callable[[], Sending], clock: Callable[[], datetime]
    ) -> None:
        """Look with `look()`.

        Args: connect: a sender; called again whenever one has failed.
        """
        self._store = store
        self._connect = connect
        self._clock = clock
        self._sender: Sending | None = None

    def every(self, seconds: float, metrics: ServiceMetrics) -> PeriodicTask:
        """Looks on a thread of its own. While they fail whoever is due stays so; we are warned."""
        return PeriodicTask(
            "pusher",
            self.look,
            seconds,
            metrics.health,
            metrics.liveness,
            spread=LOOKS_SPREAD,
            at_end=self.close,
        )

    def look(self) -> None:
        """See to those who are due now.

        First they are taken off the list of the due and put on that of those being seen to, then
        asked for. An event that comes in between makes its user due anew, so none is missed; and a
        death in between leaves them on the second list, where another replica finds them.

        Raises: RedisUnavailable, BrokerUnavailable.
        """
        now = self._clock()
        due = read_due(self._store, now, GIVEN_UP_AFTER)[:AT_ONCE]
        if not due:
            return
        self._write(in_flight_writes(user_id, now) for user_id in due)
        requests: list[Message] = [ScoreRequest(user_id=user, trigger="push") for user in due]
        self._send(requests)
        self._write(pushed_writes(user_id) for user_id in due)

    def close(self) -> None:
        """Let the connection go."""
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.close()

    def _send(self, requests: list[Message]) -> None:
        try:
            self._connected().send_all(RECS_REQUESTS, requests)
        except Exception:
            self.close()  # it may be of no use any more: the next look connects anew
            raise

    def _write(self, by_user: Iterable[list[Write]]) -> None:
        self._store.write(write for writes in by_user for write in writes)

    def _connected(self) -> Sending:
        if self._sender is None:
            self._sender = self._connect()
        return self._sender
