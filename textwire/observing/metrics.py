"""What a service counts: for Prometheus, and for its report to the page Operations."""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from time import monotonic

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge

from textwire.observing.condition_metrics import register_condition_metrics
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness
from textwire.observing.progress import ProgressWatch
from textwire.observing.reports import ServiceReport
from textwire.observing.stages import StageTimer
from textwire.results.metrics import REFUSED_WRITES, UNREADABLE_VALUES
from textwire.wire.record import Partition

RATE_WINDOW_S = 10.0


class ServiceMetrics:
    """One replica's counts, times and state."""

    def __init__(
        self,
        service: str,
        replica: int,
        health: Health,
        *,
        registry: CollectorRegistry | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.registry = registry or CollectorRegistry()
        self.stages = StageTimer(self.registry, service, clock)
        self.health = health
        self.liveness = Liveness(clock)
        self.progress = ProgressWatch(clock)
        self.service = service
        self._replica, self._clock = replica, clock
        self._started_at = datetime.now(UTC)
        self._process = psutil.Process()
        self._lag: dict[str, Mapping[Partition, int]] = {}
        self._lag_lock = Lock()
        self._standing: dict[str, int] = {}
        self._taken: deque[tuple[float, int]] = deque()
        self._in = self._counter("records_in", "Records that were taken in hand")
        self._out = self._counter("records_out", "Records that were published")
        self._dead = self._counter("dead_letters", "Records that became dead letters")
        self._retries = self._counter("retries", "Failed tries that were followed by another")
        self._jumps = self._counter("log_jumps", "Times that a log had lost its place")
        self._unread = self._counter("unread_deleted", "Offsets deleted before being read")
        for counter in (REFUSED_WRITES, UNREADABLE_VALUES):
            self.registry.register(counter)
        self._champions_refused = Counter(
            "textwire_champions_refused",
            "Champions that could not be served",
            ["service", "task"],
            registry=self.registry,
        )
        self._lag_gauge = Gauge(
            "textwire_consumer_lag",
            "Records that wait",
            ["service", "topic", "partition"],
            registry=self.registry,
        )
        register_condition_metrics(self.registry, service, health, self.liveness)

    def took(self, records: int) -> None:
        """A batch was taken in hand."""
        self._in.inc(records)
        self._taken.append((self._clock(), records))

    def published(self, records: int, dead: int) -> None:
        """A batch was published and committed; `dead` of its records were dead letters."""
        self._out.inc(records - dead)
        self._dead.inc(dead)

    def committed(self, group: str, of: Iterable[Partition]) -> None:
        """A consumer group has more records of these partitions behind it."""
        self.progress.committed(group, of)

    def letters_standing(self, letters: Mapping[str, int]) -> None:
        """How many dead letters stand on each of their topics now."""
        self._standing = dict(letters)

    def retried(self) -> None:
        """A try failed."""
        self._retries.inc()

    def jumped(self, unread: int) -> None:
        """A partition's log was not what it was; so many offsets are gone that were not read."""
        self._jumps.inc()
        self._unread.inc(unread)

    def champions_refused(self, task: str) -> Counter:
        """Counts a task's champions that could not be served; 0 from the first call on."""
        return self._champions_refused.labels(self.service, task)

    def lags(self, group: str, lag: Mapping[Partition, int]) -> None:
        """A consumer group's lag now; partitions that went to another replica are forgotten."""
        self.progress.lags(group, lag)
        with self._lag_lock:
            self._lag[group] = dict(lag)
            self._lag_gauge.clear()
            for (topic, number), records in self._all_lag().items():
                self._lag_gauge.labels(self.service, topic, number).set(records)

    def report(self, model: str) -> ServiceReport:
        """Everything at this moment."""
        return ServiceReport(
            service=self.service,
            replica=self._replica,
            at=datetime.now(UTC),
            started_at=self._started_at,
            ready=self.health.ready,
            reason=self.health.reason,
            warnings=self.health.warnings,
            model=model,
            records_in=self._total("records_in"),
            records_out=self._total("records_out"),
            dead_letters=self._total("dead_letters"),
            dead_letters_standing=self._standing,
            retries=self._total("retries"),
            records_per_s=self._rate(),
            lag={f"{p.topic}/{p.number}": n for p, n in sorted(self._all_lag().items())},
            stages=self.stages.times(),
            memory_mb=round(self._process.memory_info().rss / 1e6, 1),
            host=socket.gethostname(),
            pid=os.getpid(),
        )

    def _all_lag(self) -> dict[Partition, int]:
        return {p: records for lag in list(self._lag.values()) for p, records in lag.items()}

    def _rate(self) -> float:
        since = self._clock() - RATE_WINDOW_S
        while self._taken and self._taken[0][0] < since:
            self._taken.popleft()
        return round(sum(records for _, records in list(self._taken)) / RATE_WINDOW_S, 2)

    def _counter(self, name: str, meaning: str) -> Counter:
        counter = Counter(f"textwire_{name}", meaning, ["service"], registry=self.registry)
        return counter.labels(self.service)

    def _total(self, name: str) -> int:
        labels = {"service": self.service}
        return int(self.registry.get_sample_value(f"textwire_{name}_total", labels) or 0)
