"""What the analytics page shows: hours put together to steps, and figures of all of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import TypeVar

from textwire.support_qa.analytics_results import BINS, HourCounts, coverage

K = TypeVar("K", bound=Hashable)
N = TypeVar("N", int, float)

# Of a normal distribution 95 % lie within so many deviations.
Z = 1.96


@dataclass(frozen=True)
class Span:
    """How far back one looks, and how many hours a step of the charts has."""

    name: str
    hours: int
    step_hours: int


SPANS = (Span("24 hours", 24, 1), Span("7 days", 7 * 24, 6), Span("30 days", 30 * 24, 24))


@dataclass(frozen=True)
class Step:
    """What was counted from one moment on."""

    begins: datetime
    outcomes: dict[str, int]
    reasons: dict[str, int]
    coverage: float | None
    helpful: float | None


@dataclass(frozen=True)
class CalibrationBin:
    """Answers of a tenth that were judged: how sure the bot was of them, how many were right.

    low, high  bounds of the share that was right: Wilson's interval, 95 %.
    """

    sure: float
    right: float
    low: float
    high: float
    judged: int


@dataclass(frozen=True)
class Analytics:
    """All figures of a span."""

    steps: tuple[Step, ...]
    outcomes: dict[str, int]
    coverage: float | None
    confidences: dict[int, int]
    calibration: tuple[CalibrationBin, ...]

    @property
    def messages(self) -> int:
        """How many messages there were."""
        return sum(self.outcomes.values())

    @property
    def judged(self) -> int:
        """How many answers somebody judged."""
        return sum(one.judged for one in self.calibration)

    @property
    def helpful(self) -> float | None:
        """Of the answers that were judged, the part that was found helpful."""
        right = sum(one.right * one.judged for one in self.calibration)
        return right / self.judged if self.judged else None

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error: how far confidence and truth lie apart, by tenths.

        Source: Naeini, Cooper and Hauskrecht 2015, Obtaining Well Calibrated Probabilities.
        """
        if not self.judged:
            return None
        apart = sum(one.judged * abs(one.sure - one.right) for one in self.calibration)
        return apart / self.judged


def analytics(hours: Sequence[HourCounts], step_hours: int) -> Analytics:
    """Figures of these hours, oldest first, the last step ending with the last of them."""
    first = len(hours) % step_hours
    ends = range(first or step_hours, len(hours) + 1, step_hours)
    steps = [hours[max(0, end - step_hours) : end] for end in ends]
    return Analytics(
        steps=tuple(_step(step) for step in steps if step),
        outcomes=_sum(hour.outcomes for hour in hours),
        coverage=coverage(hours),
        confidences=_sum(hour.confidences for hour in hours),
        calibration=tuple(_calibration(hours)),
    )


def _step(hours: Sequence[HourCounts]) -> Step:
    right = sum(sum(hour.right.values()) for hour in hours)
    wrong = sum(sum(hour.wrong.values()) for hour in hours)
    return Step(
        begins=hours[0].begins,
        outcomes=_sum(hour.outcomes for hour in hours),
        reasons=_sum(hour.reasons for hour in hours),
        coverage=coverage(hours),
        helpful=right / (right + wrong) if right + wrong else None,
    )


def _calibration(hours: Sequence[HourCounts]) -> Iterator[CalibrationBin]:
    right = _sum(hour.right for hour in hours)
    wrong = _sum(hour.wrong for hour in hours)
    sure = _sum(hour.sure for hour in hours)
    for place in range(BINS):
        judged = right.get(place, 0) + wrong.get(place, 0)
        if judged > 0:
            share = right.get(place, 0) / judged
            low, high = wilson(share, judged)
            yield CalibrationBin(sure.get(place, 0.0) / judged, share, low, high, judged)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Where a share of so many really lies, at 95 %.

    Source: Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.
    """
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    reach = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    reach /= 1 + Z * Z / count
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _sum(tables: Iterable[Mapping[K, N]]) -> dict[K, N]:
    """The same counters of all tables together."""
    total: dict[K, N] = {}
    for table in tables:
        for name, count in table.items():
            total[name] = total[name] + count if name in total else count
    return total
