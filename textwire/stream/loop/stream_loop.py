"""The loop every service runs: read, decode, process, store, publish and commit.

Three threads share the work. One keeps the membership in the group (membership.py), one fills the
inbox (fetching.py, inbox.py), and one works (working.py): it takes a batch and sees it through, for
as long as that takes. What holds at every moment, however the process dies, hangs or is frozen:

- A position is committed in one step with the results it led to (exactly once), or after them (at
  least once).
- Results are stored before they are published, behind a fence, so that doing it again changes
  nothing.
- What was read under an assignment is published with that assignment's proof of membership, which
  the broker refuses from the moment on when the group has given its partitions to another replica.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic

import structlog

from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.settings import StreamSettings
from textwire.stream.loop.batch import BatchBudget
from textwire.stream.loop.fetching import Fetching
from textwire.stream.loop.inbox import Inbox
from textwire.stream.loop.membership import Membership
from textwire.stream.loop.working import Worker
from textwire.stream.processor import Processor
from textwire.stream.publisher import Publisher
from textwire.stream.source import GroupMember, PartitionReader

# Of the shutdown timeout, what is kept for leaving the group and closing connections.
LEAVING_S = 2.0
# The two other threads look several times a second whether they are to end.
ENDED_WITHIN_S = 0.5

log = structlog.get_logger()


def now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


class StreamLoop:
    """Runs a processor on its topics until told to stop."""

    def __init__(
        self,
        processor: Processor,
        member: GroupMember,
        reader: PartitionReader,
        publisher: Publisher,
        results: ResultStore,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Start with `run()`."""
        budget = BatchBudget.of(processor, settings)
        self._inbox = Inbox(budget, settings.linger_ms / 1000, settings.max_buffered_records)
        self._stop = Event()
        self._member, self._reader, self._publisher = member, reader, publisher
        self._shutdown_timeout_s = settings.shutdown_timeout_s
        self._ends_at: float | None = None
        self._failure: Exception | None = None
        name = processor.name
        membership = Membership(name, member, reader, self._inbox, settings, metrics, self._stop)
        fetching = Fetching(
            name,
            reader,
            self._inbox,
            member.topic_ids,
            membership.renew,
            settings,
            metrics,
            self._stop,
        )
        worker = Worker(
            processor,
            self._inbox,
            member,
            membership.renew,
            publisher,
            results,
            settings,
            metrics,
            self._stop,
            clock,
        )
        self._working = self._thread("worker", worker.run)
        self._others = [
            self._thread("membership", membership.run),
            self._thread("fetching", fetching.run),
        ]

    def stop(self) -> None:
        """Ask the loop to end: finish the batch in hand, commit it, leave the group."""
        if self._ends_at is None:
            self._ends_at = monotonic() + self._shutdown_timeout_s
        self._stop.set()
        self._inbox.close()

    def run(self) -> None:
        """Work until `stop` is called, and return within the shutdown timeout after that.

        Raises: whatever ended the work early.
        """
        for thread in (*self._others, self._working):
            thread.start()
        self._stop.wait()
        self._shut_down()
        if self._failure is not None:
            raise self._failure

    def _thread(self, name: str, run: Callable[[], None]) -> Thread:
        def run_until_told_or_failed() -> None:
            try:
                run()
            except Exception as error:  # noqa: BLE001 - raised in the thread that waits for us
                self._failure = self._failure or error
            finally:
                self.stop()  # without one of them the others are of no use

        return Thread(target=run_until_told_or_failed, name=name, daemon=True)

    def _shut_down(self) -> None:
        ends_at = self._ends_at or monotonic()
        self._working.join(timeout=max(0.0, ends_at - LEAVING_S - monotonic()))
        if self._working.is_alive():
            log.warning("handed back", reason="the batch in hand did not end in time")
        for thread in self._others:
            thread.join(timeout=ENDED_WITHIN_S)
        for part in (self._member, self._reader, self._publisher):
            part.close(timeout_s=max(0.5, ends_at - monotonic()))
