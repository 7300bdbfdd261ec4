"""Charts of support analytics, as Altair charts over small tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import altair as alt
import pandas as pd

from dashboards.charts import dressed
from dashboards.support_qa.analytics_view import CalibrationBin, Step
from dashboards.theme import PALETTE, SERIES
from textwire.support_qa.analytics_results import BINS

HEIGHT = 210
# Where a day begins, its date.
DAY_OR_HOUR = (
    "substring(datum.value, 11, 16) == '00:00' ? timeFormat(toDate(datum.value), '%d %b')"
    " : substring(datum.value, 11, 16)"
)
# In this order from the axis up, so that what was answered has an even ground.
OUTCOMES = {
    "answered": "answered",
    "asked_back": "asked back",
    "handed_over": "handed over",
    "waiting": "waiting for a colleague",
    "replied": "a colleague wrote",
    "acknowledged": "no question",
    "refused": "refused",
}
REASONS = {
    "low_confidence": "bot was not sure",
    "customer_asked": "asked for a person",
    "no_knowledge": "nothing was known",
    "in_danger": "somebody may be in danger",
}


def outcome_chart(steps: Sequence[Step], zone: tzinfo) -> alt.Chart | None:
    """Messages over time, by what the bot did about them; None where there are none."""
    return _stacked([(step, step.outcomes) for step in steps], OUTCOMES, "messages", zone)


def reason_chart(steps: Sequence[Step], zone: tzinfo) -> alt.Chart | None:
    """Handoffs over time, by their reasons; None where there are none."""
    return _stacked([(step, step.reasons) for step in steps], REASONS, "handoffs", zone)


def share_chart(steps: Sequence[Step], zone: tzinfo) -> alt.Chart | None:
    """Coverage, and how many of the judged answers helped; None where nothing is known."""
    rows = [
        {"at": _local(step, zone), "series": name, "share": share}
        for step in steps
        for name, share in (("coverage", step.coverage), ("found helpful", step.helpful))
    ]
    if all(row["share"] is None for row in rows):
        return None
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=28))
        .encode(
            x=_time(),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5),
                scale=alt.Scale(domain=[0, 1])),
            color=_colours(["coverage", "found helpful"]),
            strokeDash=alt.StrokeDash("series:N", legend=None,
                scale=alt.Scale(domain=["coverage", "found helpful"], range=[[1, 0], [6, 3]])),
            tooltip=[_when(), alt.Tooltip("series:N", title="what"),
                alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(height=HEIGHT)
    )  # fmt: skip
    return dressed(chart)


def confidence_chart(confidences: dict[int, int]) -> alt.Chart | None:
    """How often the bot was how sure; None where it was never asked."""
    if not confidences:
        return None
    rows = [
        {"sure": f"{10 * place}–{10 * place + 10} %", "questions": confidences.get(place, 0)}
        for place in range(BINS)
    ]
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(color=PALETTE["blue"], cornerRadiusEnd=3)
        .encode(
            x=alt.X("sure:O", sort=None, title="confidence",
                axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("questions:Q", title="questions", axis=alt.Axis(tickCount=4, format="~s")),
            tooltip=[alt.Tooltip("sure:O", title="confidence"),
                alt.Tooltip("questions:Q", format=",")],
        )
        .properties(height=HEIGHT)
    )  # fmt: skip
    return dressed(chart)


def calibration_chart(bins: Sequence[CalibrationBin]) -> alt.LayerChart | None:
    """How many answers were right that the bot was so sure of; None where nobody judged.

    On the dashed line confidence and truth are the same.
    """
    if not bins:
        return None
    rows = pd.DataFrame(
        [
            {"sure": b.sure, "right": b.right, "low": b.low, "high": b.high, "judged": b.judged}
            for b in bins
        ]
    )
    share = alt.Scale(domain=[0, 1])
    base = alt.Chart(rows).encode(
        x=alt.X("sure:Q", title="confidence", scale=share, axis=alt.Axis(format=".0%")),
        tooltip=[
            alt.Tooltip("sure:Q", title="confidence", format=".0%"),
            alt.Tooltip("right:Q", title="helpful", format=".0%"),
            alt.Tooltip("judged:Q", title="judged"),
        ],
    )
    # Drawn of the same rows: a page moves one table into a chart.
    even = (
        alt.Chart(rows)
        .transform_aggregate(least="min(sure)")
        .transform_calculate(zero="0", one="1")
        .mark_rule(strokeDash=[4, 4], color=PALETTE["line-strong"])
        .encode(
            x=alt.X("zero:Q", scale=share), y=alt.Y("zero:Q", scale=share), x2="one:Q", y2="one:Q"
        )
    )
    reach = base.mark_rule(strokeWidth=1.5, color=PALETTE["line-strong"]).encode(
        y=alt.Y("low:Q", title="found helpful", scale=share, axis=alt.Axis(format=".0%")),
        y2="high:Q",
    )
    points = base.mark_circle(opacity=1, color=PALETTE["blue"]).encode(
        y=alt.Y("right:Q", title="found helpful", scale=share),
        size=alt.Size("judged:Q", legend=None, scale=alt.Scale(range=[50, 320])),
    )
    chart: alt.LayerChart = (even + reach + points).properties(height=HEIGHT)
    return dressed(chart)


def _stacked(
    steps: Sequence[tuple[Step, dict[str, int]]], names: dict[str, str], unit: str, zone: tzinfo
) -> alt.Chart | None:
    rows = [
        {"at": _local(step, zone), "series": words, "order": place, "count": counts.get(name, 0)}
        for step, counts in steps
        for place, (name, words) in enumerate(names.items())
    ]
    kinds = [
        words for words in names.values() if any(r["count"] for r in rows if r["series"] == words)
    ]
    if not kinds:
        return None
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame([row for row in rows if row["series"] in kinds]))
        .mark_bar()
        .encode(
            x=_time(),
            y=alt.Y("count:Q", title=unit, axis=alt.Axis(tickCount=4, format="~s")),
            color=_colours(kinds),
            order=alt.Order("order:O"),
            tooltip=[_when(), alt.Tooltip("series:N", title="what"),
                alt.Tooltip("count:Q", format=",")],
        )
        .properties(height=HEIGHT)
    )  # fmt: skip
    return dressed(chart)


def _local(step: Step, zone: tzinfo) -> str:
    """The reader's own time, as a category: bars of one step are as wide whatever the step is."""
    return step.begins.astimezone(zone).isoformat(timespec="minutes")[:16]


def _time() -> alt.X:
    axis = alt.Axis(labelExpr=DAY_OR_HOUR, labelAngle=0, labelOverlap=True, grid=False)
    return alt.X("at:O", title=None, axis=axis)


def _when() -> alt.Tooltip:
    return alt.Tooltip("at:O", title="from")


def _colours(kinds: list[str]) -> alt.Color:
    scale = alt.Scale(domain=kinds, range=SERIES)
    return alt.Color(
        "series:N",
        scale=scale,
        legend=alt.Legend(title=None, orient="top", columns=3, symbolStrokeWidth=0),
    )
