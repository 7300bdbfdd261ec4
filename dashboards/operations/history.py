"""The last minutes as series for charts: replicas summed, moments gathered into steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from textwire.observing.reports import ServiceMoment

# 10 s: 90 steps in 15 minutes, about one for each 7 pixels of a chart.
STEP_S = 10


@dataclass(frozen=True)
class Step:
    """A service in one step of time; None where no replica reported."""

    service: str
    at: datetime
    records_per_s: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    lag: float | None = None


def steps(
    moments: Mapping[tuple[str, int], Sequence[ServiceMoment]], now: datetime, minutes: int
) -> list[Step]:
    """Each service's steps, from its first moment in the last `minutes`, gaps included.

    Args: moments: by service and replica.
    """
    since = step_of(now - timedelta(minutes=minutes))
    services = sorted({service for service, _ in moments})
    return [
        step
        for service in services
        for step in _service_steps(
            service, [m for (name, _), m in moments.items() if name == service], since, now
        )
    ]


def step_of(at: datetime) -> datetime:
    """The start of the step that a time lies in."""
    return datetime.fromtimestamp(at.timestamp() // STEP_S * STEP_S, tz=UTC)


def _service_steps(
    service: str, replicas: Iterable[Sequence[ServiceMoment]], since: datetime, now: datetime
) -> Iterator[Step]:
    gathered = [_by_step(moments, since) for moments in replicas]
    first = min((at for steps_ in gathered for at in steps_), default=None)
    if first is None:
        return
    # The step that is still running would show too little.
    while first < step_of(now):
        yield _joined(service, first, [steps_[first] for steps_ in gathered if first in steps_])
        first += timedelta(seconds=STEP_S)


def _by_step(
    moments: Sequence[ServiceMoment], since: datetime
) -> dict[datetime, list[ServiceMoment]]:
    gathered: dict[datetime, list[ServiceMoment]] = {}
    for moment in moments:
        at = step_of(moment.at)
        if at >= since:
            gathered.setdefault(at, []).append(moment)
    return gathered


def _joined(service: str, at: datetime, replicas: list[list[ServiceMoment]]) -> Step:
    if not replicas:
        return Step(service, at)
    timed = [m for moments in replicas for m in moments if m.p99_ms > 0]
    return Step(
        service,
        at,
        records_per_s=sum(_mean([m.records_per_s for m in moments]) for moments in replicas),
        # Percentiles cannot be added: the slowest replica's are shown.
        p50_ms=max((m.p50_ms for m in timed), default=None),
        p99_ms=max((m.p99_ms for m in timed), default=None),
        lag=sum(max(m.lag for m in moments) for moments in replicas),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
