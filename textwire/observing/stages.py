"""How long each stage of a record's journey takes."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from time import monotonic

import numpy as np
from prometheus_client import CollectorRegistry, Histogram

from textwire.observing.reports import StageTimes

Timed = Callable[[str], AbstractContextManager[object]]
"""Measures what happens inside, as a stage of that name; `nullcontext` measures nothing."""

WINDOW_S = 60.0
# Enough for 60 s at 130 records a second; beyond that the newest stand for all.
KEPT_TIMES = 8192
# No record waits for longer than its topic keeps it, and none comes from the future, but for clocks
# that differ a little. One that says so was dated by a wrong clock, or bears the date of what it
# tells of.
LONGEST_S = 7 * 24 * 60 * 60.0
CLOCKS_DIFFER_S = 60.0
# From half a millisecond to a minute; a healthy answer takes 5 to 50 ms.
BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class StageTimer:
    """Times of stages over the last minute, and a Prometheus histogram of all of them."""

    def __init__(
        self, registry: CollectorRegistry, service: str, clock: Callable[[], float] = monotonic
    ) -> None:
        self._clock = clock
        self._times: defaultdict[str, deque[tuple[float, float | None]]] = defaultdict(
            lambda: deque(maxlen=KEPT_TIMES)
        )
        self._lock = Lock()
        self._service = service
        self._histogram = Histogram(
            "textwire_stage_seconds",
            "How long a stage took",
            ["service", "stage"],
            buckets=BUCKETS_S,
            registry=registry,
        )

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time what happens inside."""
        began = self._clock()
        try:
            yield
        finally:
            self.add(stage, self._clock() - began)

    def add(self, stage: str, took_s: float) -> None:
        """One more time of a stage; one that cannot be is counted, and measures nothing.

        A clock that is set back gives no negative times.
        """
        possible = -CLOCKS_DIFFER_S <= took_s <= LONGEST_S
        if possible:
            took_s = max(0.0, took_s)
            self._histogram.labels(self._service, stage).observe(took_s)
        with self._lock:
            self._times[stage].append((self._clock(), took_s if possible else None))

    def times(self) -> tuple[StageTimes, ...]:
        """Median and 99th percentile of each stage, in the order the stages first came."""
        since = self._clock() - WINDOW_S
        with self._lock:
            recent = {
                stage: [took_s for at, took_s in times if at >= since]
                for stage, times in self._times.items()
            }
        return tuple(_summarised(stage, times) for stage, times in recent.items() if times)


def _summarised(stage: str, times_s: list[float | None]) -> StageTimes:
    measured = [took_s for took_s in times_s if took_s is not None]
    misdated = len(times_s) - len(measured)
    if not measured:
        return StageTimes(stage, 0, 0.0, 0.0, misdated)
    p50, p99 = np.percentile(measured, [50, 99]) * 1000
    return StageTimes(stage, len(measured), round(float(p50), 2), round(float(p99), 2), misdated)
