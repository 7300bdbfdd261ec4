"""The curves of a company or a topic: articles by sentiment, what is usual, alerts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import altair as alt
import pandas as pd

from dashboards.charts import dressed
from dashboards.sentiment_alerts.alert_words import SEVERITY_WORDS, alert_title, observed_words
from dashboards.sentiment_alerts.event_time import Gathered
from dashboards.sentiment_alerts.sentiment_marks import SIGNS
from dashboards.theme import PALETTE
from textwire.sentiment_alerts.messages import SENTIMENTS, Alert

HEIGHT = 230
COLUMNS = ["kind", "at", "until", "low", "high", "count", "words"]
# Room for the marks of alerts above the highest bar; and one article is no mountain.
HEADROOM, LOWEST_TOP = 1.18, 4.0

DAY_OR_HOUR = (
    "hours(datum.value) == 0 && minutes(datum.value) == 0"
    " ? timeFormat(datum.value, '%a %d') : timeFormat(datum.value, '%H:%M')"
)
AT = alt.X(
    "at:T",
    title=None,
    axis=alt.Axis(grid=False, tickCount=8, labelExpr=DAY_OR_HOUR, labelOverlap=True),
)
ARTICLES = alt.Y("low:Q", title="articles", axis=alt.Axis(tickCount=4, tickMinStep=1))
ALERT_TOLD = [alt.Tooltip("words:N", title="alert")]


def curve_chart(steps: Sequence[Gathered], alerts: Iterable[Alert]) -> alt.LayerChart:
    """Each step's articles as a stack with the negative ones at the bottom.

    So the line of what is usual, which is of negative ones, meets their tops. An alert's window is
    a band with a mark above it.
    """
    rows = pd.DataFrame(
        [*_bars(steps), *_usual(steps), *_bands(steps, alerts)], columns=COLUMNS
    ).astype({"low": float, "high": float, "count": float})
    layers = [_alert_bands(rows), _sentiment_bars(rows), _usual_line(rows), _alert_marks(rows)]
    chart: alt.LayerChart = alt.LayerChart(layer=layers).properties(height=HEIGHT)
    return dressed(chart)


def _alert_bands(rows: pd.DataFrame) -> alt.Chart:
    layer: alt.Chart = (
        _of(rows, "datum.kind == 'alert'")
        .mark_rect(color=PALETTE["amber"], opacity=0.22)
        .encode(x=AT, x2="until:T", y=ARTICLES, y2="high:Q", tooltip=ALERT_TOLD)
    )
    return layer


def _sentiment_bars(rows: pd.DataFrame) -> alt.Chart:
    signs = " : ".join(
        f"datum.label == '{label}' ? '{SIGNS[label]} {label}'" for label in SENTIMENTS
    )
    colours = alt.Scale(domain=list(SENTIMENTS), range=[PALETTE[label] for label in SENTIMENTS])
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolType="square",
        labelExpr=f"{signs} : datum.label",
    )
    layer: alt.Chart = (
        _of(rows, "datum.kind != 'alert' && datum.kind != 'usual'")
        .mark_bar(stroke=PALETTE["card"], strokeWidth=1)
        .encode(
            x=AT,
            x2="until:T",
            y=ARTICLES,
            y2="high:Q",
            color=alt.Color("kind:N", scale=colours, legend=legend),
            tooltip=[
                alt.Tooltip("at:T", title="from", format="%a %d %b, %H:%M"),
                alt.Tooltip("kind:N", title="sentiment"),
                alt.Tooltip("count:Q", title="articles", format=",.0f"),
            ],
        )
    )
    return layer


def _usual_line(rows: pd.DataFrame) -> alt.Chart:
    layer: alt.Chart = (
        _of(rows, "datum.kind == 'usual'")
        .mark_line(
            interpolate="step-after", strokeDash=[5, 3], strokeWidth=1.75, color=PALETTE["ink"]
        )
        .encode(x=AT, y=ARTICLES)
    )
    return layer


def _alert_marks(rows: pd.DataFrame) -> alt.Chart:
    layer: alt.Chart = (
        _of(rows, "datum.kind == 'alert'")
        .mark_text(
            text="▲", fontSize=13, baseline="top", align="left", dx=1, dy=1, color=PALETTE["bad"]
        )
        .encode(x=AT, y=alt.Y("high:Q"), tooltip=ALERT_TOLD)
    )
    return layer


def _of(rows: pd.DataFrame, condition: str) -> alt.Chart:
    chart: alt.Chart = alt.Chart(rows).transform_filter(condition)
    return chart


def _bars(steps: Sequence[Gathered]) -> Iterator[dict[str, Any]]:
    for step in steps:
        low = 0
        for label in SENTIMENTS:
            count = getattr(step, label)
            yield _row(label, step.start, step.end, low, low + count, count)
            low += count


def _usual(steps: Sequence[Gathered]) -> Iterator[dict[str, Any]]:
    known = [step for step in steps if step.expected is not None]
    for step in known:
        yield _row("usual", step.start, step.end, step.expected, step.expected)
    if known:  # the last step has its width too
        yield _row("usual", known[-1].end, known[-1].end, known[-1].expected, known[-1].expected)


def _bands(steps: Sequence[Gathered], alerts: Iterable[Alert]) -> Iterator[dict[str, Any]]:
    if not steps:
        return
    begin, end = steps[0].start, steps[-1].end
    top = HEADROOM * max([LOWEST_TOP, *(step.articles for step in steps)])
    for alert in alerts:
        if alert.window_end > begin and alert.window_start < end:
            words = f"{SEVERITY_WORDS[alert.severity][0]}: {observed_words(alert)}"
            yield _row(
                "alert", max(begin, alert.window_start), min(end, alert.window_end),
                0, top, words=f"{alert_title(alert)}. {words}",
            )  # fmt: skip


def _row(
    kind: str, at: datetime, until: datetime, low: float | None, high: float | None,
    count: float = 0, words: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {"kind": kind, "at": at, "until": until, "low": low, "high": high,
            "count": count, "words": words}  # fmt: skip
