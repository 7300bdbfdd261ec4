"""A company's last day in the width of a word: its score as a line, negative articles as bars."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

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


def sparkline(steps: Sequence[Gathered], hours: int = 24) -> str:
    """A picture of `WIDTH` x `HEIGHT` within the page's own text."""
    negative = sum(step.negative for step in steps)
    label = f"last {hours} h: {counted(negative, 'negative article')}"
    # As an image: what Streamlit takes for HTML may hold no drawing of its own.
    return (
        f'<img class="tw-spark" width="{WIDTH}" height="{HEIGHT}" alt="{label}" title="{label}" '
        f'src="data:image/svg+xml,{quote(drawing(steps))}">'
    )


def drawing(steps: Sequence[Gathered]) -> str:
    """The same as SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path stroke="{PALETTE["line-strong"]}" opacity=".7" '
        f'd="M0 {_score_y(0):g}H{WIDTH}M0 {FLOOR:g}H{WIDTH}"/>'
        f"{_line(steps)}{_bars(steps)}</svg>"
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


def _line(steps: Sequence[Gathered]) -> str:
    points = line_points(steps)
    if not points:
        return ""
    x, y = points[-1]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path fill="none" stroke="{PALETTE["ink-soft"]}" stroke-width="1.5" '
        f'stroke-linejoin="round" d="M{path}"/>'
        f'<circle fill="{PALETTE["ink"]}" cx="{x:.1f}" cy="{y:.1f}" r="2"/>'
    )


def _bars(steps: Sequence[Gathered]) -> str:
    return "".join(
        f'<rect fill="{PALETTE["negative"]}" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}"/>'
        for x, y, width, height in bar_boxes(steps)
    )


def _score_y(score: float) -> float:
    bounded = min(1.0, max(-1.0, score))
    return LINE_TOP + (LINE_BOTTOM - LINE_TOP) * (1 - bounded) / 2


def _middle(index: int, count: int) -> float:
    return (index + 0.5) * WIDTH / count
