"""Support analytics: what came of customers' questions, and how far the bot's confidence holds."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.live import live_part
from dashboards.plotting import draw
from dashboards.rendering import render
from dashboards.support_qa.analytics_charts import (
    calibration_chart,
    confidence_chart,
    outcome_chart,
    reason_chart,
    share_chart,
)
from dashboards.support_qa.analytics_view import SPANS, Analytics, analytics
from dashboards.tiles import Tile, tile_grid
from dashboards.wording import counted, percent
from textwire.settings import load
from textwire.support_qa.analytics_results import read_hours

# Fewer judgements say little of how well confidence and truth agree.
ENOUGH_JUDGED = 100
NOBODY_ASKED = "Nobody asked in this time."


def figures() -> None:
    """All tiles and charts of the span that was chosen."""
    span = next(one for one in SPANS if one.name == st.session_state.span)
    hours = read_hours(connections.results(), connections.now(), span.hours)
    seen = analytics(hours, span.step_hours)
    st.html(tile_grid(tiles(seen)))
    each = "hour" if span.step_hours == 1 else f"{span.step_hours} hours"
    left, right = st.columns(2, gap="medium")
    with left:
        draw("Outcomes", f"messages, each {each}", outcome_chart(seen.steps, zone),
            key="outcomes", otherwise=NOBODY_ASKED)  # fmt: skip
        draw("Confidence", "of questions that something was searched for",
            confidence_chart(seen.confidences), key="confidence",
            otherwise=NOBODY_ASKED)  # fmt: skip
    with right:
        draw("Coverage and thumbs", f"each {each}", share_chart(seen.steps, zone),
            key="shares", otherwise=NOBODY_ASKED)  # fmt: skip
        draw("Calibration", calibration_note(seen), calibration_chart(seen.calibration),
            key="calibration", otherwise="No answer has got a thumb in this time.")  # fmt: skip
    draw("Why a person was called", f"handoffs, each {each}", reason_chart(seen.steps, zone),
        key="reasons", otherwise="Nobody was called in this time.")  # fmt: skip


def tiles(seen: Analytics) -> list[Tile]:
    """The figures of all of the span."""
    searched = sum(seen.confidences.values())
    error = seen.calibration_error
    return [
        Tile("Messages", f"{seen.messages:,}", f"{searched:,} were searched for"),
        Tile("Coverage", share(seen.coverage), "of those were answered"),
        Tile("Handed over", f"{seen.outcomes.get('handed_over', 0):,}", "to colleagues"),
        Tile("Found helpful", share(seen.helpful), f"of {counted(seen.judged, 'judged answer')}"),
        Tile("Calibration error", "–" if error is None else f"{error * 100:.1f} %", sureness(seen)),
    ]


def share(value: float | None) -> str:
    """A share, or that nothing is known."""
    return "–" if value is None else percent(value)


def sureness(seen: Analytics) -> str:
    """How much the calibration error says."""
    if seen.judged == 0:
        return "nothing was judged"
    return (
        "by thumbs, of those who give any"
        if seen.judged >= ENOUGH_JUDGED
        else "of few: it says little yet"
    )


def calibration_note(seen: Analytics) -> str:
    """How the chart is read."""
    return f"{counted(seen.judged, 'judged answer')}, with 95 % intervals" if seen.judged else ""


settings = load(DashboardSettings)
zone = time_zone()
with st.container(key="analytics"):
    with st.container(key="desk_top", horizontal=True, vertical_alignment="bottom"):
        st.html(render("support_qa/analytics_head.html"))
        st.segmented_control(
            "How far back", [span.name for span in SPANS], default=SPANS[0].name, key="span",
            label_visibility="collapsed", required=True,
        )  # fmt: skip
    live_part(figures, settings.charts_refresh_s, speaks=True)
