"""The thread that fills the inbox, as far as there is room, and measures what is left behind."""

from __future__ import annotations

from threading import Event
from time import monotonic

from textwire.errors import BrokerUnavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.loop.inbox import Inbox
from textwire.stream.loop.log_jumps import JumpTelling
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import PartitionReader

# A poll returns at once when something arrives; this is how soon a stop is noticed.
POLL_TIMEOUT_S = 0.1
LAG_EVERY_S = 2.0


class Fetching:
    """Reads for the inbox. What is not read stays with the broker: memory is bounded."""

    def __init__(
        self,
        group: str,
        reader: PartitionReader,
        inbox: Inbox,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        stop: Event,
    ) -> None:
        self._group = group
        self._reader = reader
        self._inbox = inbox
        self._metrics = metrics
        self._stop = stop
        self._pulse = metrics.liveness.pulse(f"reader of {group}", settings.hung_after_s)
        self._patiently = WatchedRetrying("poll", self._sleep, settings, metrics, group)
        self._jumps = JumpTelling(group, metrics)
        self._lag_due_at = 0.0

    def run(self) -> None:
        """Read until stopped."""
        try:
            while not self._stop.is_set():
                self._pulse.busy("one poll")
                if self._inbox.wait_for_room(POLL_TIMEOUT_S):
                    assignment, records = self._patiently(lambda: self._reader.poll(POLL_TIMEOUT_S))
                    self._inbox.put(assignment, records)
                self._measure_lag()
                self._jumps.tell(self._reader.jumps())
        except Stopped:
            return
        finally:
            self._pulse.ended()

    def _measure_lag(self) -> None:
        if monotonic() < self._lag_due_at:
            return
        try:
            unfinished = self._inbox.unfinished()
            lag = {p: unread + unfinished[p] for p, unread in self._reader.unread().items()}
            self._metrics.lags(self._group, lag)
            self._metrics.health.met("broker", self._group)
        except BrokerUnavailable as error:
            self._metrics.health.unmet("broker", str(error), self._group)
        self._lag_due_at = monotonic() + LAG_EVERY_S

    def _sleep(self, seconds: float) -> None:
        self._pulse.busy("one more try")
        if self._stop.wait(seconds):
            raise Stopped
