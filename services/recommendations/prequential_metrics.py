"""What Prometheus is told of how often lists held what came next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from prometheus_client import Gauge

from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.recommendations.experiments.prequential import read_prequential
from textwire.results.store import ResultStore

LOOK_EVERY_S = 15.0
# Today's and yesterday's: a gauge is to move when something changes.
DAYS = 2
LABELS = ["service", "model", "outcome"]


class PrequentialMetrics:
    """Gauges over what all replicas have counted; each replica tells the same."""

    def __init__(
        self, store: ResultStore, metrics: ServiceMetrics, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._metrics, self._clock = store, metrics, clock
        self._events = self._gauge(
            "events", "Clicks and purchases of users who had been shown a list, today and yesterday"
        )
        self._hit_rate = self._gauge(
            "hit_rate", "Of these: how often it was in the first ten of the last list before"
        )
        self._ndcg = self._gauge("ndcg", "The same by rank: the mean of 1 / log2(1 + rank)")

    def task(self) -> PeriodicTask:
        """What looks every so often."""
        return PeriodicTask(
            "prequential", self.look, LOOK_EVERY_S, self._metrics.health, self._metrics.liveness
        )

    def look(self) -> None:
        """Read once.

        Raises: RedisUnavailable.
        """
        for gauge in (self._events, self._hit_rate, self._ndcg):
            gauge.clear()
        for one in read_prequential(self._store, self._clock(), DAYS):
            labels = (self._metrics.service, one.model, one.outcome)
            self._events.labels(*labels).set(one.events)
            self._hit_rate.labels(*labels).set(one.hit_rate)
            self._ndcg.labels(*labels).set(one.ndcg)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(
            f"textwire_shown_before_{name}", meaning, LABELS, registry=self._metrics.registry
        )
