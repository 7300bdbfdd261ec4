"""The polling thread: keeps the membership alive, fills the inbox, pauses what is full."""

from __future__ import annotations

from threading import Event
from time import monotonic

from textwire.errors import BrokerUnavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.commits import PendingCommits
from textwire.stream.inbox import Inbox
from textwire.stream.records import Partition
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import RecordSource

# Polling returns at once when something arrives; this is how soon a stop or a pause is noticed.
POLL_TIMEOUT_S = 0.1
LAG_EVERY_S = 2.0


class Poller:
    """Owns the record source; other threads only ask it what is ours."""

    def __init__(
        self,
        group: str,
        source: RecordSource,
        inbox: Inbox,
        commits: PendingCommits,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        stop: Event,
    ) -> None:
        self._group = group
        self._source = source
        self._inbox = inbox
        self._commits = commits
        self._metrics = metrics
        self._stop = stop
        self._pulse = metrics.liveness.pulse(f"poller of {group}", settings.hung_after_s)
        self._patiently = WatchedRetrying("poll", self._sleep, settings, metrics, group)
        self._paused: set[Partition] = set()
        self._lag_due_at = 0.0

    def run(self) -> None:
        """Join the group and poll until stopped."""
        try:
            self._patiently(lambda: self._source.start(self._inbox))
            while not self._stop.is_set():
                self._pulse.busy("one poll")
                self._patiently(self._poll_and_commit)
                self._pause_and_resume()
                self._measure_lag()
        except Stopped:
            return
        finally:
            self._pulse.ended()

    def _poll_and_commit(self) -> None:
        # In this order also when it is tried again: a commit is refused while the group rebalances,
        # and only polling brings a rebalance to its end.
        self._inbox.put(self._source.poll(POLL_TIMEOUT_S))
        self.commit_what_is_done()

    def commit_what_is_done(self) -> None:
        """Commit what the publisher left here.

        Raises: BrokerUnavailable.
        """
        offsets = self._commits.waiting()
        if not offsets:
            return
        owned = self._source.owned()
        self._source.commit({p: offset for p, offset in offsets.items() if p in owned})
        self._commits.done(offsets)

    def _pause_and_resume(self) -> None:
        full = self._inbox.full_partitions() - self._paused
        drained = self._inbox.drained_partitions(self._paused)
        if full:
            self._source.pause(full)
        if drained:
            self._source.resume(drained)
        self._paused = ((self._paused | full) - drained) & self._source.owned()

    def _measure_lag(self) -> None:
        if monotonic() < self._lag_due_at:
            return
        try:
            waiting = self._inbox.waiting()
            lag = self._source.lag()
            self._metrics.lags(self._group, {p: unread + waiting[p] for p, unread in lag.items()})
            self._metrics.health.met("broker", self._group)
        except BrokerUnavailable as error:
            self._metrics.health.unmet("broker", str(error), self._group)
        self._lag_due_at = monotonic() + LAG_EVERY_S

    def _sleep(self, seconds: float) -> None:
        self._pulse.busy("one more try")
        if self._stop.wait(seconds):
            raise Stopped
