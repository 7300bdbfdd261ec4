"""A company's last day in the width of a word: its score as a line, negative articles as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dashboards.rendering import render
from dashboards.sentiment_alerts.event_time import Gathered
from dashboards.theme import PALETTE
from dashboards.wording import counted

WIDTH, HEIGHT = 140, 34
# The line above, the bars below, a gap between: neither hides the other.
LINE_TOP, LINE_BOTTOM = 2.5, 17.5
BARS_TOP, BARS_BOTTOM = 20.0, HEIGHT
FLOOR = BARS_BOTTOM - 0.5
# A lone article must not look like a surge.
FULL_BAR = 3
COLOURS = {
    "axis": PALETTE["line-strong"],
    "line": PALETTE["ink-soft"],
    "end": PALETTE["ink"],
    "bar": PALETTE["negative"],
}


@dataclass(frozen=True)
class SparklineView:
    """A picture within the page's own text, with the same in words."""

    source: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class LineShape:
    """A line's path, and the point where it ends."""

    path: str
    end_x: str
    end_y: str


@dataclass(frozen=True)
class BarShape:
    """A bar's place and size."""

    x: str
    y: str
    width: str
    height: str


def sparkline(steps: Sequence[Gathered], hours: int = 24) -> SparklineView:
    """A picture of `WIDTH` x `HEIGHT`."""
    negative = sum(step.negative for step in steps)
    words = f"last {hours} h: {counted(negative, 'negative article')}"
    return SparklineView(f"data:image/svg+xml,{quote(drawing(steps))}", words)


def drawing(steps: Sequence[Gathered]) -> str:
    """The same as SVG."""
    return render(
        "sentiment_alerts/sparkline.svg",
        width=WIDTH,
        height=HEIGHT,
        colours=COLOURS,
        axes=f"M0 {_score_y(0):g}H{WIDTH}M0 {FLOOR:g}H{WIDTH}",
        line=_line(steps),
        bars=[BarShape(*(f"{number:.1f}" for number in box)) for box in bar_boxes(steps)],
    )


def line_points(steps: Sequence[Gathered]) -> list[tuple[float, float]]:
    """Where the score's line goes, through the steps that have one."""
    return [
        (_middle(index, len(steps)), _score_y(step.score))
        for index, step in enumerate(steps)
        if step.score is not None
    ]


def bar_boxes(steps: Sequence[Gathered]) -> list[tuple[float, float, float, float]]:
    """x, y, width and height of each step's bar, of those that have one."""
    most = max([FULL_BAR, *(step.negative for step in steps)])
    width = WIDTH / max(1, len(steps))
    boxes = []
    for index, step in enumerate(steps):
        if step.negative:
            height = (BARS_BOTTOM - BARS_TOP) * step.negative / most
            boxes.append((index * width + 0.5, BARS_BOTTOM - height, max(1.0, width - 1), height))
    return boxes


def _line(steps: Sequence[Gathered]) -> LineShape | None:
    points = [(f"{x:.1f}", f"{y:.1f}") for x, y in line_points(steps)]
    if not points:
        return None
    path = "L".join(f"{x} {y}" for x, y in points)
    return LineShape(f"M{path}", *points[-1])


def _score_y(score: float) -> float:
    bounded = min(1.0, max(-1.0, score))
    return LINE_TOP + (LINE_BOTTOM - LINE_TOP) * (1 - bounded) / 2


def _middle(index: int, count: int) -> float:
    return (index + 0.5) * WIDTH / count
