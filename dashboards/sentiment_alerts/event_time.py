"""Counts in event time: a key's cells gathered into the steps that a chart or a sparkline shows.

The world that is shown may lie in the past (a replay), so every axis ends at the desk's watermark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from textwire.sentiment_alerts.results.records import Cell

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A bar and its gap want 8 pixels of a chart 500 wide.
MOST_STEPS = 60


@dataclass(frozen=True)
class Gathered:
    """A key's articles in one shown step; `score` is their mean, None without any."""

    start: datetime
    end: datetime
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    score: float | None = None
    expected: float | None = None  # negative ones that the baseline expects, None where unknown

    @property
    def articles(self) -> int:
        """All of them."""
        return self.negative + self.neutral + self.positive


def step_for(span: timedelta, base: timedelta, most: int = MOST_STEPS) -> timedelta:
    """The base step, doubled until no more than `most` of them fill the span."""
    step = base
    while span / step > most:
        step *= 2
    return step


def gathered(
    cells: Sequence[Cell], end: datetime, span: timedelta, step: timedelta, base: timedelta
) -> list[Gathered]:
    """Every step up to `end`, those without an article included.

    Args: cells: oldest first, of width `base`. step: a multiple of `base`.
    """
    starts = step_starts(end, span, step)
    by_step: dict[datetime, list[Cell]] = {start: [] for start in starts}
    for cell in cells:
        by_step.get(_floor(cell.start, step), []).append(cell)
    usual = _usual(cells, [start + step for start in starts])
    return [
        _gathered(start, step, by_step[start], expected, base)
        for start, expected in zip(starts, usual, strict=True)
    ]


def step_starts(end: datetime, span: timedelta, step: timedelta) -> list[datetime]:
    """The starts of the steps that fill the span; the last one holds the moment before `end`."""
    last = _floor(end - timedelta(microseconds=1), step)
    count = max(1, round(span / step))
    return [last - step * back for back in reversed(range(count))]


def _gathered(
    start: datetime, step: timedelta, cells: list[Cell], usual: float | None, base: timedelta
) -> Gathered:
    articles = sum(cell.articles for cell in cells)
    known = sum(cell.expected for cell in cells)
    # Base steps without an article have no cell, and expect what the last cell did.
    unknown = max(0, round(step / base) - len(cells))
    return Gathered(
        start,
        start + step,
        negative=sum(cell.negative for cell in cells),
        neutral=sum(cell.neutral for cell in cells),
        positive=sum(cell.positive for cell in cells),
        score=sum(cell.score_sum for cell in cells) / articles if articles else None,
        expected=None if usual is None else known + usual * unknown,
    )


def _usual(cells: Sequence[Cell], ends: list[datetime]) -> list[float | None]:
    """What one base step was last expected to bring, at the end of each shown step."""
    found: list[float | None] = []
    last, index = None, 0
    for end in ends:
        while index < len(cells) and cells[index].start < end:
            last = cells[index].expected
            index += 1
        found.append(last)
    return found


def _floor(at: datetime, step: timedelta) -> datetime:
    return at - (at - EPOCH) % step
