"""The loop every service runs: poll, decode, process, store, publish and commit.

Two threads share the work. One polls (polling.py): it keeps the membership in the group alive and
fills the inbox (inbox.py). The other works (working.py): it takes a batch and sees it through, for
as long as that takes. What holds at every moment, however the process dies:

- An offset is committed in one step with the results it led to (exactly once), or after them (at
  least once).
- Results are stored before they are published, behind a fence, so that doing it again changes
  nothing.
- What belongs to a partition that went to another replica is not published by this one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic

import structlog

from textwire.errors import Unavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.settings import StreamSettings
from textwire.stream.batch import BatchBudget
from textwire.stream.commits import PendingCommits
from textwire.stream.inbox import Inbox
from textwire.stream.polling import Poller
from textwire.stream.processor import Processor
from textwire.stream.publisher import Publisher
from textwire.stream.source import RecordSource
from textwire.stream.working import Worker

# Of the shutdown timeout, what is kept for leaving the group and closing connections.
LEAVING_S = 2.0

log = structlog.get_logger()


def now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


class StreamLoop:
    """Runs a processor on its topics until told to stop."""

    def __init__(
        self,
        processor: Processor,
        source: RecordSource,
        publisher: Publisher,
        results: ResultStore,
        commits: PendingCommits,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """`commits` is where an at-least-once publisher leaves its offsets."""
        budget = BatchBudget(settings.max_batch_tokens, settings.max_batch_records)
        self._inbox = Inbox(budget, settings.linger_ms / 1000, settings.max_buffered_records)
        self._stop = Event()
        self._source = source
        self._publisher = publisher
        self._shutdown_timeout_s = settings.shutdown_timeout_s
        self._ends_at: float | None = None
        self._failure: Exception | None = None
        self._poller = Poller(
            processor.name, source, self._inbox, commits, settings, metrics, self._stop
        )
        self._worker = Worker(
            processor,
            self._inbox,
            source,
            publisher,
            results,
            settings,
            metrics,
            self._stop,
            clock,
        )

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
        working = Thread(target=self._work, name="worker", daemon=True)
        working.start()
        try:
            self._poller.run()
        finally:
            self._shut_down(working)
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        try:
            self._worker.run()
        except Exception as error:  # noqa: BLE001 - `run` raises it, in the thread that waits for it
            self._failure = error
            self.stop()

    def _shut_down(self, working: Thread) -> None:
        self.stop()
        ends_at = self._ends_at or monotonic()
        working.join(timeout=max(0.0, ends_at - LEAVING_S - monotonic()))
        if working.is_alive():
            log.warning("handed back", reason="the batch in hand did not end in time")
        try:
            self._poller.commit_what_is_done()
        except Unavailable as error:
            log.warning("handed back", reason=str(error))
        self._source.close(timeout_s=max(0.5, ends_at - monotonic()))
        self._publisher.close(timeout_s=max(0.5, ends_at - monotonic()))
