"""Operations: whether every service is well, and what it does."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.charts import (
    lag_chart,
    latency_chart,
    partition_chart,
    stage_chart,
    throughput_chart,
)
from dashboards.config import DashboardSettings
from dashboards.fleet import overall, speaking, totals
from dashboards.history import steps
from dashboards.markup import heading, notice
from dashboards.panels import (
    answer_table,
    outcome_bar,
    page_head,
    service_table,
    tile_grid,
    tiles_of,
)
from dashboards.plotting import draw
from textwire.errors import Unavailable
from textwire.observing.reports import read_history, read_reports
from textwire.results.support import read_outcomes, read_recent
from textwire.settings import load


def figures() -> None:
    """The head of the page: state, totals, and a line for each replica."""
    store, now = connections.results(), connections.now()
    reports = read_reports(store)
    st.html(page_head(overall(reports, now, settings.silent_after_s), now, zone))
    if not reports:
        st.html(notice("No service has reported yet.", NOTHING_RUNS, "brand"))
        return
    total = totals(reports, now, settings.silent_after_s)
    st.html(tile_grid(tiles_of(total, read_outcomes(store))))
    st.html(heading("Services", f"silent after {settings.silent_after_s:g} s without a report"))
    st.html(service_table(reports, now, settings.silent_after_s))


def history() -> None:
    """The last minutes."""
    store, now = connections.results(), connections.now()
    moments = {
        (report.service, report.replica): read_history(store, report.service, report.replica)
        for report in read_reports(store)
    }
    shown = steps(moments, now, settings.history_minutes)
    if not shown:
        return
    st.html(heading(f"Last {settings.history_minutes} minutes", "in steps of 10 s"))
    left, middle, right = st.columns(3)
    with left:
        draw("Throughput", "records a second", throughput_chart(shown), key="throughput")
    with middle:
        draw("Answer time", "p50 and p99, slowest replica", latency_chart(shown), key="latency")
    with right:
        draw("Consumer lag", "records not yet read", lag_chart(shown), key="lag")


def stages() -> None:
    """Where the time goes, and where records wait."""
    now = connections.now()
    alive = speaking(read_reports(connections.results()), now, settings.silent_after_s)
    if not alive:
        return
    left, right = st.columns(2)
    with left:
        timed = any(times.count for report in alive for times in report.stages)
        draw(
            "Latency by stage",
            "last minute",
            stage_chart(alive) if timed else None,
            key="stages",
            otherwise="No record came in the last minute. Ask something in the Support chat.",
        )
    with right:
        draw(
            "Lag by partition",
            "now",
            partition_chart(alive) if any(report.lag for report in alive) else None,
            key="partitions",
            otherwise="No replica owns a partition at the moment.",
        )


def answers() -> None:
    """What support did."""
    store, now = connections.results(), connections.now()
    recent = read_recent(store, settings.recent_answers)
    st.html(heading("Support", "all questions so far, and the newest answers"))
    if not recent:
        st.html(notice("Nobody has asked anything yet.", NOTHING_ASKED, "brand"))
        return
    st.html(outcome_bar(read_outcomes(store)))
    st.html(answer_table(recent, now, zone))


def section(draw_it: Callable[[], None], every_s: float) -> None:
    """A part of the page that refreshes by itself, and stays empty while Redis is away."""

    def shown() -> None:
        try:
            draw_it()
        except Unavailable as error:
            if draw_it is figures:  # said once on the page
                st.html(notice("Nothing can be read right now.", f"{error} {TRYING_AGAIN}"))

    st.fragment(shown, run_every=every_s)()


NOTHING_RUNS = (
    "Start everything with `textwire up`, or one service with `python -m services.support_qa`. "
    "It shows here within a second."
)
NOTHING_ASKED = (
    'Ask in the Support chat, or on a terminal: textwire ask "my card was charged twice".'
)
TRYING_AGAIN = "This page tries again every second; what it shows returns by itself."

settings = load(DashboardSettings)
zone = time_zone()

with st.container(key="operations"):
    section(figures, settings.refresh_s)
    section(history, settings.charts_refresh_s)
    section(stages, settings.charts_refresh_s)
    section(answers, settings.refresh_s)
