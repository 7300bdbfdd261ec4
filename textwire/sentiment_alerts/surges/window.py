"""What stands in the window that ends with a cell, and how unusual that is."""

from __future__ import annotations

from typing import NamedTuple

from textwire.sentiment_alerts.surges.baseline import Rate
from textwire.sentiment_alerts.surges.cell_tally import (
    WHOLE,
    CellTally,
    balance,
    negatives_by_key,
    time_of,
)
from textwire.sentiment_alerts.surges.series import EntitySeries
from textwire.sentiment_alerts.surges.surge_test import SurgeTest


class Tip(NamedTuple):
    """A key whose count is improbable."""

    probability: float
    at_ms: int  # of the article that tipped it
    rate: Rate


class Window:
    """What a series has in the window that ends with a cell, and how unusual that is."""

    def __init__(self, series: EntitySeries, cell: int, surge_test: SurgeTest) -> None:
        self.test, self.cell = surge_test, cell
        self.start = cell - surge_test.timing.window + 1
        self.cells = {
            at: series.cells[at] for at in sorted(series.cells) if self.start <= at <= cell
        }
        self.counts = negatives_by_key(self.cells.values())
        self._series = series

    def rate(self, key: str) -> Rate:
        """What is usual for a key."""
        return self.test.rate(self._series.keys[key], self.start)

    def exposure(self) -> float:
        """Of the window, with what comes to all companies at once; a topic is what comes to all."""
        exposure = self.test.window_exposure(self.cell)
        if self._series.kind == "topic":
            return exposure
        return exposure * self.test.tide(self.test.window(self.cell), self.counts[WHOLE])

    def tips(self) -> dict[str, Tip]:
        """The keys whose negative articles are improbably many, and more than the positive ones."""
        least = self.test.rules.least_for(self._series.kind)
        if least is None or self.counts[WHOLE] < least or self.cell < self.test.warm_from:
            return {}
        exposure, level = self.exposure(), self.test.level(self.cell)
        tips: dict[str, Tip] = {}
        for key, count in self.counts.items():
            if count < least or key not in self._series.keys:
                continue
            rate = self.rate(key)
            probability = rate.probability(count, exposure)
            if not self._is_much(count, rate.mean * exposure):
                continue
            if probability < level and balance(self.cells.values(), key) > 0:
                needed = _least_that_tips(rate, least, count, exposure, level)
                at_ms = time_of(list(self.cells.values()), key, needed)
                tips[key] = Tip(probability, at_ms, rate)
        return tips

    def _is_much(self, count: int, expected: float) -> bool:
        """Whether it is worth telling: a topic has its ups and downs every day."""
        is_topic = self._series.kind == "topic"
        return not is_topic or count >= self.test.rules.topic_times * expected

    def holds(self) -> bool:
        """Whether a surge under way goes on."""
        exposure = self.exposure()
        return any(
            count > 1
            and balance(self.cells.values(), key) > 0
            and self.rate(key).probability(count, exposure) < self.test.rules.hold_probability
            for key, count in self.counts.items()
            if key in self._series.keys
        )

    def after(self, covered: int, key: str) -> tuple[dict[int, CellTally], int]:
        """The cells after one with a key's negative articles, and how many these are."""
        cells = {
            at: tally
            for at, tally in self.cells.items()
            if at > covered and key in tally.keys and tally.keys[key].negative
        }
        return cells, sum(tally.keys[key].negative for tally in cells.values())


def _least_that_tips(rate: Rate, least: int, count: int, exposure: float, level: float) -> int:
    """The smallest count that is improbable enough, by bisection: the tail falls with the count."""
    low, high = least, count
    while low < high:
        middle = (low + high) // 2
        if rate.probability(middle, exposure) < level:
            high = middle
        else:
            low = middle + 1
    return low
