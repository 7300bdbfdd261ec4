"""Health, liveness and file descriptors as measurements, taken when Prometheus asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from textwire.observing.descriptors import descriptors
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness

# Conditions and what they are of are named by our code, so there are a dozen; should one be named
# after what came on a topic by mistake, Prometheus does not keep a series for each.
MOST_SERIES = 50
LONGEST_LABEL = 100


def register_condition_metrics(
    registry: CollectorRegistry, service: str, health: Health, liveness: Liveness
) -> None:
    """Whether a service is ready, alive, and what does not hold."""

    def gauge(name: str, meaning: str, value: Callable[[], float]) -> None:
        made = Gauge(f"textwire_{name}", meaning, ["service"], registry=registry)
        made.labels(service).set_function(value)

    gauge("ready", "1 when ready", lambda: float(health.ready))
    gauge("alive", "1 while nothing hangs or has died", lambda: float(not liveness.hung))
    gauge("file_descriptors", "Open file descriptors", lambda: float(descriptors().used))
    gauge("file_descriptors_limit", "How many may be open", lambda: float(descriptors().limit))
    registry.register(_Conditions(service, health))


class _Conditions(Collector):
    """A series for each condition that does not hold; none for those that do."""

    def __init__(self, service: str, health: Health) -> None:
        self._service, self._health = service, health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All of them as they are now."""
        family = GaugeMetricFamily(
            "textwire_condition",
            "1 while it does not hold; a warning leaves the service ready",
            labels=["service", "condition", "of", "severity"],
        )
        for one in self._health.conditions[:MOST_SERIES]:
            labels = [one.name[:LONGEST_LABEL], one.of[:LONGEST_LABEL], one.severity]
            family.add_metric([self._service, *labels], 1.0)
        yield family
