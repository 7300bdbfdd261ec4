"""Charts of Operations, as Altair charts over small tables.

Source of the series' colours: Okabe and Ito, Color Universal Design, 2008; told apart by the
colour-blind, and in a legend beside that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import altair as alt
import pandas as pd

from dashboards.history import Step
from dashboards.theme import FONT, PALETTE, SERIES
from textwire.observing.reports import ServiceReport

HISTORY_HEIGHT = 190
BAR_HEIGHT = 30
HALVES = ["p50", "p99"]

# Below this, ticks lie closer than a minute and need their seconds.
SHORT_HISTORY = timedelta(minutes=5)

C = TypeVar("C", alt.Chart, alt.LayerChart)


def throughput_chart(steps: Sequence[Step]) -> alt.Chart:
    """Records a second over time, a line for each service."""
    return _lines(_series(steps, "records_per_s"), "records /s")


def lag_chart(steps: Sequence[Step]) -> alt.Chart:
    """Records not yet read over time, a line for each service."""
    return _lines(_series(steps, "lag"), "records waiting")


def latency_chart(steps: Sequence[Step]) -> alt.Chart:
    """From a record's arrival to its result: median, and what one in a hundred exceeds."""
    services = {step.service for step in steps}
    rows = [
        {"at": step.at, "series": half if len(services) == 1 else f"{step.service} {half}",
         "value": getattr(step, f"{half}_ms")}
        for step in steps
        for half in HALVES
    ]  # fmt: skip
    return _lines(_frame(rows, "at", "series", "value"), "ms")


def stage_chart(reports: Iterable[ServiceReport]) -> alt.LayerChart:
    """Each stage's p50 as a bar and its p99 as a mark, slowest replica of each service."""
    rows = pd.DataFrame(_stage_rows(reports), columns=["stage", "service", "p50", "p99"])
    several = rows["service"].nunique() > 1
    label = "stage" if not several else "service"
    base = alt.Chart(rows).encode(
        y=alt.Y("stage:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip("service:N"),
            alt.Tooltip("stage:N"),
            alt.Tooltip("p50:Q", title="p50, ms", format=".1f"),
            alt.Tooltip("p99:Q", title="p99, ms", format=".1f"),
        ],
    )
    if several:
        base = base.encode(yOffset=alt.YOffset(f"{label}:N"))
    bars = base.mark_bar(cornerRadiusEnd=3, height=12, color=PALETTE["blue"]).encode(
        x=alt.X("p50:Q", title="ms: bar p50, mark p99")
    )
    reach = base.mark_rule(strokeWidth=1.5, color=PALETTE["line-strong"]).encode(
        x="p50:Q", x2="p99:Q"
    )
    marks = base.mark_tick(thickness=3, size=15, color=PALETTE["vermillion"]).encode(x="p99:Q")
    height = BAR_HEIGHT * max(1, len(rows)) + 20
    chart: alt.LayerChart = (bars + reach + marks).properties(height=height)
    return dressed(chart)


def partition_chart(reports: Iterable[ServiceReport]) -> alt.LayerChart:
    """Records not yet read, by partition, with the replica that reads it."""
    rows = pd.DataFrame(
        [
            {"partition": partition, "lag": lag, "reader": f"{report.service}/{report.replica}"}
            for report in reports
            for partition, lag in sorted(report.lag.items())
        ],
        columns=["partition", "lag", "reader"],
    )
    base = alt.Chart(rows).encode(
        y=alt.Y("partition:N", sort=None, title=None),
        # Ten waiting records are nothing: below that a bar stays short.
        x=alt.X("lag:Q", axis=None, scale=alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, 10]))),
        tooltip=["partition:N", alt.Tooltip("lag:Q", format=","), alt.Tooltip("reader:N")],
    )  # fmt: skip
    bars = base.mark_bar(cornerRadiusEnd=3, height=12, color=PALETTE["blue"])
    numbers = base.mark_text(
        align="left", dx=6, fontSize=12, color=PALETTE["ink-soft"], font=FONT
    ).encode(x=alt.X("lag:Q", axis=None), text=alt.Text("lag:Q", format=","))
    chart: alt.LayerChart = (bars + numbers).properties(height=BAR_HEIGHT * max(1, len(rows)))
    return dressed(chart)


def _lines(rows: pd.DataFrame, unit: str) -> alt.Chart:
    several = rows["series"].nunique() > 1
    legend = alt.Legend(title=None, orient="top", direction="horizontal") if several else None
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2, interpolate="monotone")
        .encode(
            x=alt.X("at:T", title=None, axis=_time_axis(rows)),
            y=alt.Y("value:Q", title=unit, axis=alt.Axis(tickCount=4), scale=alt.Scale(zero=True)),
            color=alt.Color("series:N", scale=alt.Scale(range=SERIES), legend=legend),
            strokeDash=alt.StrokeDash(
                "series:N",
                legend=legend,
                scale=alt.Scale(range=[[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]),
            ),
            tooltip=[
                alt.Tooltip("at:T", title="time", format="%H:%M:%S"),
                alt.Tooltip("series:N", title="series"),
                alt.Tooltip("value:Q", title=unit, format=",.1f"),
            ],
        )
        .properties(height=HISTORY_HEIGHT)
    )
    return dressed(chart)


def _time_axis(rows: pd.DataFrame) -> alt.Axis:
    if rows["at"].max() - rows["at"].min() < SHORT_HISTORY:
        return alt.Axis(format="%H:%M:%S", tickCount=3, grid=False)
    return alt.Axis(format="%H:%M", tickCount=5, grid=False)


def _series(steps: Iterable[Step], field: str) -> pd.DataFrame:
    rows = [
        {"at": step.at, "series": step.service, "value": getattr(step, field)} for step in steps
    ]
    return _frame(rows, "at", "series", "value")


def _frame(rows: list[dict[str, Any]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def _stage_rows(reports: Iterable[ServiceReport]) -> list[dict[str, Any]]:
    slowest: dict[tuple[str, str], dict[str, Any]] = {}
    for report in reports:
        for times in report.stages:
            row = {"stage": times.stage, "service": report.service,
                   "p50": times.p50_ms, "p99": times.p99_ms}  # fmt: skip
            key = (report.service, times.stage)
            if times.count and (key not in slowest or times.p99_ms > slowest[key]["p99"]):
                slowest[key] = row
    return list(slowest.values())


def dressed(chart: C) -> C:
    """The chart in the page's own type and colours."""
    dressed: C = (
        chart.configure(font=FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=PALETTE["ink-soft"], titleColor=PALETTE["ink-soft"], labelFontSize=12,
            titleFontSize=12, titleFontWeight="normal", gridColor=PALETTE["line"],
            domainColor=PALETTE["line-strong"], tickColor=PALETTE["line-strong"], labelPadding=6,
            titlePadding=10, labelLimit=220,
        )
        .configure_axisY(domain=False, ticks=False)
        .configure_legend(
            labelFontSize=12, labelColor=PALETTE["ink"], symbolStrokeWidth=3, offset=6
        )
    )  # fmt: skip
    return dressed
