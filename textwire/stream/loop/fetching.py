"""The thread that fills the inbox, as far as there is room, and measures what is left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event
from time import monotonic

import structlog

from textwire.errors import BrokerUnavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment
from textwire.stream.loop.inbox import Inbox
from textwire.stream.loop.log_jumps import JumpTelling
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import Jump, PartitionReader

# A poll returns at once when something arrives; this is how soon a stop is noticed.
POLL_TIMEOUT_S = 0.1
LAG_EVERY_S = 2.0
# How soon a quiet topic that was made anew is read: one small question.
TOPICS_EVERY_S = 2.0

log = structlog.get_logger()


class Fetching:
    """Reads for the inbox. What is not read stays with the broker: memory is bounded.

    Each batch is held against the topics that there are before anything of it is stored. But of a
    topic that was made anew with no more records than were read of the one before, none is fetched:
    reading stands behind them all. So it is also looked every so often.
    """

    def __init__(
        self,
        group: str,
        reader: PartitionReader,
        inbox: Inbox,
        topic_ids: Callable[[], Mapping[str, str]],
        renew: Callable[[Assignment], None],
        settings: StreamSettings,
        metrics: ServiceMetrics,
        stop: Event,
    ) -> None:
        """What it stands on.

        Args: topic_ids: asks for the topics' ids, as `GroupMember.topic_ids` does.
              renew: begins an assignment anew, where the group has committed.
        """
        self._group = group
        self._reader = reader
        self._inbox = inbox
        self._topic_ids, self._renew = topic_ids, renew
        self._metrics = metrics
        self._stop = stop
        self._pulse = metrics.liveness.pulse(f"reader of {group}", settings.hung_after_s)
        self._patiently = WatchedRetrying("poll", self._sleep, settings, metrics, group)
        self._jumps = JumpTelling(group, metrics)
        self._jumped: list[Jump] = []  # and not told yet
        self._lag_due_at = 0.0
        self._topics_due_at = monotonic() + TOPICS_EVERY_S

    def run(self) -> None:
        """Read until stopped."""
        try:
            while not self._stop.is_set():
                self._pulse.busy("one poll")
                if self._inbox.wait_for_room(POLL_TIMEOUT_S):
                    assignment, records = self._patiently(lambda: self._reader.poll(POLL_TIMEOUT_S))
                    self._inbox.put(assignment, records)
                self._measure_lag()
                self._see_to_jumps()
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

    def _see_to_jumps(self) -> None:
        """Tell of them once it is known that they are in the topic that was read."""
        if jumps := self._reader.jumps():
            self._jumped += jumps
            self._topics_due_at = 0.0
        if monotonic() < self._topics_due_at:
            self._jumps.tell([])
        else:
            self._topics_due_at = monotonic() + TOPICS_EVERY_S
            # Where there is work, whoever works looks: a broker that hangs holds up one, not both.
            if self._jumped or not self._inbox.unfinished():
                self._look_at_topics()

    def _look_at_topics(self) -> None:
        try:
            ids = self._topic_ids()
        except BrokerUnavailable as error:
            log.info("topics not looked at", group=self._group, reason=str(error))
            return
        jumped, self._jumped = self._jumped, []
        assignment = self._inbox.assignment
        if assignment is not None and assignment.is_of_former_topics(ids):
            log.warning("topic made anew", of=self._group)
            self._renew(assignment)
        else:
            self._jumps.tell(jumped)

    def _sleep(self, seconds: float) -> None:
        self._pulse.busy("one more try")
        if self._stop.wait(seconds):
            raise Stopped
