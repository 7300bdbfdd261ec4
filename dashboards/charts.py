"""Charts of Operations, as Altair charts over small tables.

Source of the series' colours: Okabe and Ito, Color Universal Design, 2008; told apart by the
colour-blind, and in a legend beside that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import altair as alt
import pandas as pd

from dashboards.axis_top import axis_top, beyond_words
from dashboards.operations.history import Step
from dashboards.rendering import render
from dashboards.theme import FONT, PALETTE, SERIES
from dashboards.wording import counted
from textwire.observing.reports import ServiceReport

HISTORY_HEIGHT = 190
BAR_HEIGHT = 26
HALVES = ["p50", "p99"]
DASHES = [[1, 0], [6, 3], [2, 2], [1, 0], [6, 3], [2, 2]]
LINES = ["solid", "dashed", "dotted"]  # the same for a legend

# Below this, ticks lie closer than a minute and need their seconds.
SHORT_HISTORY = timedelta(minutes=5)

# The last time of an axis reaches half its width beyond it.
PADDING = {"left": 4, "top": 4, "right": 16, "bottom": 4}

C = TypeVar("C", alt.Chart, alt.LayerChart)


@dataclass(frozen=True)
class LegendEntry:
    """A service's name beside its line."""

    name: str
    line: str
    colour: str


def throughput_chart(steps: Sequence[Step]) -> alt.Chart:
    """Records a second over time, a line for each service."""
    return _lines(_series(steps, "records_per_s"), "records /s")


def lag_chart(steps: Sequence[Step]) -> alt.Chart:
    """Records not yet read over time, a line for each service."""
    return _lines(_series(steps, "lag"), "records waiting")


def latency_chart(steps: Sequence[Step]) -> alt.Chart:
    """From a record's arrival to its result: median, and what one in a hundred exceeds.

    A service has a colour, and the two figures a dash each, so that three services' six lines can
    be told apart.
    """
    rows = [
        {"at": step.at, "series": step.service, "half": half, "value": getattr(step, f"{half}_ms")}
        for step in steps
        for half in HALVES
    ]
    frame = _frame(rows, "at", "series", "half", "value")
    top = axis_top(*_times(steps))
    dashes = alt.StrokeDash(
        "half:N",
        legend=None,
        scale=alt.Scale(domain=HALVES, range=[[1, 0], [5, 3]]),
    )
    return _lines(frame, "ms", dashes, ["half"], top)


def latency_note(steps: Sequence[Step]) -> str:
    """How the chart is read, and what is not on it."""
    times, usual = _times(steps)
    return f"solid p50, dashed p99{beyond_words(times, axis_top(times, usual))}"


def service_legend(steps: Iterable[Step]) -> str:
    """The services' names, each beside its line, for all charts together; nothing for one alone."""
    services = sorted({step.service for step in steps})
    if len(services) < 2:
        return ""
    entries = [
        LegendEntry(service, LINES[place % len(LINES)], SERIES[place % len(SERIES)])
        for place, service in enumerate(services)
    ]
    return render("shared/legend.html", entries=entries)


def stage_chart(reports: Iterable[ServiceReport]) -> alt.LayerChart:
    """Each stage's p50 as a bar and its p99 as a mark, slowest replica of a service.

    A mark that lies beyond the axis stands at its end; its tooltip has the time.
    """
    stages = _stage_rows(reports)
    rows = pd.DataFrame(stages, columns=["stage", "p50", "p99"])
    scale = _up_to(axis_top(*_stage_times(stages)))
    base = alt.Chart(rows).encode(
        y=alt.Y("stage:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip("stage:N"),
            alt.Tooltip("p50:Q", title="p50, ms", format=".1f"),
            alt.Tooltip("p99:Q", title="p99, ms", format=".1f"),
        ],
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height=12, color=PALETTE["blue"]).encode(
        x=alt.X("p50:Q", title="ms: bar p50, mark p99", axis=alt.Axis(tickCount=5), scale=scale)
    )
    reach = base.mark_rule(strokeWidth=1.5, color=PALETTE["line-strong"]).encode(
        x="p50:Q", x2="p99:Q"
    )
    marks = base.mark_tick(thickness=3, size=15, color=PALETTE["vermillion"]).encode(x="p99:Q")
    height = BAR_HEIGHT * max(1, len(rows)) + 20
    chart: alt.LayerChart = (bars + reach + marks).properties(height=height)
    return dressed(chart)


def stage_note(reports: Sequence[ServiceReport]) -> str:
    """Whose stages they are, what is not drawn, and what could not be timed."""
    times, usual = _stage_times(_stage_rows(reports))
    misdated = sum(max((t.misdated for t in r.stages), default=0) for r in reports)
    untimed = f" · {counted(misdated, 'record')} misdated, not timed" if misdated else ""
    return f"{reports[0].service}{beyond_words(times, axis_top(times, usual))}{untimed}"


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


def _lines(
    rows: pd.DataFrame,
    unit: str,
    dashes: alt.StrokeDash | None = None,
    told: Sequence[str] = (),
    top: float | None = None,
) -> alt.Chart:
    # One legend for all charts stands above them: three names are wider than a chart.
    services = sorted(rows["series"].unique())
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2, interpolate="monotone")
        .encode(
            x=alt.X("at:T", title=None, axis=_time_axis(rows)),
            y=alt.Y("value:Q", title=unit, axis=alt.Axis(tickCount=4), scale=_up_to(top)),
            color=alt.Color(
                "series:N", scale=alt.Scale(domain=services, range=SERIES), legend=None
            ),
            strokeDash=dashes
            or alt.StrokeDash(
                "series:N", legend=None, scale=alt.Scale(domain=services, range=DASHES)
            ),
            tooltip=[
                alt.Tooltip("at:T", title="time", format="%H:%M:%S"),
                alt.Tooltip("series:N", title="service"),
                *(alt.Tooltip(f"{name}:N") for name in told),
                alt.Tooltip("value:Q", title=unit, format=",.1f"),
            ],
        )
        .properties(height=HISTORY_HEIGHT)
    )
    return dressed(chart)


def _up_to(top: float | None) -> alt.Scale:
    """From zero to all values, or to a top; what lies beyond stands there, its tooltip tells all.

    Not cut off there instead: a browser gives up dashing a line that goes on for miles.
    """
    return alt.Scale(zero=True) if top is None else alt.Scale(domain=[0, top], clamp=True)


def _times(steps: Sequence[Step]) -> tuple[list[float], list[float]]:
    """All times that there are, and their medians."""
    medians = [step.p50_ms for step in steps if step.p50_ms is not None]
    return [*medians, *(step.p99_ms for step in steps if step.p99_ms is not None)], medians


def _stage_times(stages: Sequence[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """All times that there are, and the longest of their medians."""
    medians = [row["p50"] for row in stages]
    return [*medians, *(row["p99"] for row in stages)], [max(medians, default=0.0)]


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
    slowest: dict[str, dict[str, Any]] = {}
    for report in reports:
        for times in report.stages:
            row = {"stage": times.stage, "p50": times.p50_ms, "p99": times.p99_ms}
            key = times.stage
            if times.count and (key not in slowest or times.p99_ms > slowest[key]["p99"]):
                slowest[key] = row
    return list(slowest.values())


def dressed(chart: C) -> C:
    """The chart in the page's own type and colours."""
    dressed: C = (
        chart.configure(font=FONT, background="transparent", padding=PADDING)
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
