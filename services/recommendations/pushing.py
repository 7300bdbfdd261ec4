"""Pushing a list once a user's events changed it: marked, waited for, asked for.

Events mark their user as due in the store. Each replica looks for those whose time has come and
asks for their list on `recs.requests`, as any program does; whoever reads that partition publishes
the list if it differs from the last one. Nothing hangs on one process: a mark stays until it was
seen to, and what a process began and did not end another begins again. So a list may be looked at
twice, and is published once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Protocol

import structlog

from services.recommendations.config import RecommendationsSettings
from textwire.errors import Unavailable
from textwire.messages import Message, ScoreRequest
from textwire.results.recommendations import (
    due_writes,
    pushed_writes,
    pushing_writes,
    read_due,
)
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.topics import RECS_REQUESTS, Topic

# How often it is looked: a push is late by as much.
LOOK_EVERY_S = 0.25
# After the broker or the store was away.
AGAIN_AFTER_S = 2.0
# Sending takes milliseconds, and fails after 10 s.
GIVEN_UP_AFTER = timedelta(seconds=30)
AT_ONCE = 500
STOPPED_WITHIN_S = 2.0

log = structlog.get_logger()


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


class Pusher(Thread):
    """Asks for the lists of users who are due."""

    def __init__(
        self,
        store: ResultStore,
        connect: Callable[[], Sending],
        clock: Callable[[], datetime],
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Start with `start()`.

        Args: connect: a sender; called again when the broker was away at first.
        """
        super().__init__(name="pusher", daemon=True)
        self._store = store
        self._connect = connect
        self._clock = clock
        self._every_s = every_s
        self._sender: Sending | None = None
        self._stopping = Event()

    def run(self) -> None:
        """Look until stopped."""
        pause_s = self._pause_s()
        while not self._stopping.wait(pause_s):
            pause_s = self._pause_s()
            try:
                self.look()
            except Unavailable as error:
                log.warning("push_waits", error=str(error))
                pause_s = AGAIN_AFTER_S
            except Exception:  # whoever is due stays so, and the log says why
                log.exception("push_waits")
                pause_s = AGAIN_AFTER_S
        if self._sender is not None:
            self._sender.close()

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
        self._write(pushing_writes(user_id, now) for user_id in due)
        requests: list[Message] = [ScoreRequest(user_id=user, trigger="push") for user in due]
        self._connected().send_all(RECS_REQUESTS, requests)
        self._write(pushed_writes(user_id) for user_id in due)

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self.is_alive():
            self.join(STOPPED_WITHIN_S)

    def _write(self, by_user: Iterable[list[Write]]) -> None:
        self._store.write(write for writes in by_user for write in writes)

    def _connected(self) -> Sending:
        if self._sender is None:
            self._sender = self._connect()
        return self._sender

    def _pause_s(self) -> float:
        # Replicas that look at different times seldom ask for the same list.
        return self._every_s * random.uniform(0.5, 1.5)  # noqa: S311 - nothing to guess
