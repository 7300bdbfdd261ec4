"""Operations: whether every service is well, and what it does."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.charts import (
    lag_chart,
    latency_chart,
    latency_note,
    partition_chart,
    service_legend,
    stage_chart,
    stage_note,
    throughput_chart,
)
from dashboards.config import DashboardSettings
from dashboards.live import live_part
from dashboards.markup import heading, notice
from dashboards.operations.dead_letters import letter_table, letter_tile, standing_letters
from dashboards.operations.history import steps
from dashboards.operations.newest import alert_table, list_table
from dashboards.operations.panels import (
    answer_table,
    outcome_bar,
    page_head,
    service_table,
    tiles_of,
    trouble_list,
)
from dashboards.plotting import draw
from dashboards.sentiment_alerts.news_status import news_tiles
from dashboards.service_status import overall, speaking, totals, troubles
from dashboards.tiles import tile_grid
from textwire.observing.reports import ServiceReport, read_history, read_reports
from textwire.recommendations.results import read_active_users, read_items, read_last_scores
from textwire.sentiment_alerts.results.reading import read_alerts, read_companies, read_desk
from textwire.settings import load
from textwire.support_qa.results import read_outcomes, read_recent


def figures() -> None:
    """The head of the page: state, totals, and a line for each replica."""
    store, now = connections.results(), connections.now()
    reports = read_reports(store)
    st.html(page_head(overall(reports, now, settings.silent_after_s), now, zone))
    if not reports:
        st.html(notice("No service has reported yet.", NOTHING_RUNS, "brand"))
        return
    total = totals(reports, now, settings.silent_after_s)
    standing = standing_letters(reports)
    st.html(tile_grid(tiles_of(total, letter_tile(standing, total.dead_letters))))
    st.html(heading("Services", f"silent after {settings.silent_after_s:g} s without a report"))
    if listed := trouble_list(troubles(reports, now, settings.silent_after_s)):
        st.html(listed)
    st.html(service_table(reports, now, settings.silent_after_s))
    if letters := letter_table(standing):
        st.html(heading("Dead letters", "on their topics now, until they are purged or too old"))
        st.html(letters)


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
    if legend := service_legend(shown):
        st.html(legend)
    left, middle, right = st.columns(3)
    with left:
        draw("Throughput", "records a second", throughput_chart(shown), key="throughput")
    with middle:
        draw("Time to result", latency_note(shown), latency_chart(shown), key="latency")
    with right:
        draw("Consumer lag", "records not yet read", lag_chart(shown), key="lag")


def stages() -> None:
    """Where the time goes, and where records wait, for each service."""
    now = connections.now()
    alive = speaking(read_reports(connections.results()), now, settings.silent_after_s)
    by_service: dict[str, list[ServiceReport]] = {}
    for report in alive:
        by_service.setdefault(report.service, []).append(report)
    services = [reports for reports in by_service.values() if any(map(reads_a_topic, reports))]
    if not services:
        return
    st.html(heading("Where the time goes", "last minute, and the lag now"))
    if len(services) == 1:  # both charts side by side rather than a column and nothing beside it
        [reports] = services
        left, right = st.columns(2)
        with left:
            stage_card(reports)
        with right:
            lag_card(reports)
        return
    for begin in range(0, len(services), IN_A_ROW):
        in_a_row(services[begin : begin + IN_A_ROW], stage_card)
        in_a_row(services[begin : begin + IN_A_ROW], lag_card)


def reads_a_topic(report: ServiceReport) -> bool:
    """Whether a process has a partition, or had one; the gateway follows topics and has none."""
    return bool(report.lag or report.stages)


def in_a_row(services: list[list[ServiceReport]], card: Callable[..., None]) -> None:
    """A card for each service, side by side."""
    for column, reports in zip(st.columns(IN_A_ROW), services, strict=False):
        with column:
            card(reports)


def stage_card(reports: list[ServiceReport]) -> None:
    """How long each stage of a service takes."""
    service = reports[0].service
    timed = any(times.count for report in reports for times in report.stages)
    draw(
        "Latency by stage",
        stage_note(reports),
        stage_chart(reports) if timed else None,
        key=f"stages_{service}",
        otherwise="No record came in the last minute.",
    )


def lag_card(reports: list[ServiceReport]) -> None:
    """How many records wait for a service."""
    service = reports[0].service
    owned = any(report.lag for report in reports)
    draw(
        "Lag by partition",
        service,
        partition_chart(reports) if owned else None,
        key=f"partitions_{service}",
        otherwise="No replica owns a partition at the moment.",
    )


def support() -> None:
    """What support did."""
    store, now = connections.results(), connections.now()
    recent = read_recent(store, settings.recent_answers)
    st.html(heading("Support", "all questions so far, and the newest answers"))
    if not recent:
        st.html(notice("Nobody has asked anything yet.", NOTHING_ASKED, "brand"))
        return
    st.html(outcome_bar(read_outcomes(store)))
    st.html(answer_table(recent, now, zone))


def news() -> None:
    """What the news desk did."""
    store = connections.results()
    desk = read_desk(store)
    st.html(heading("News", "all articles so far, and the newest alerts"))
    if desk is None:
        st.html(notice("No article has been read yet.", NO_NEWS, "brand"))
        return
    alerts = read_alerts(store)
    st.html(tile_grid(news_tiles(desk, alerts, len(read_companies(store)))))
    if alerts:
        st.html(alert_table(alerts[:NEWEST], zone))


def recommendations() -> None:
    """Who was offered what."""
    store, now = connections.results(), connections.now()
    users = read_active_users(store)
    st.html(heading("Recommendations", "the shoppers who were active last, and their lists"))
    if not users:
        st.html(notice("No shopper has done anything yet.", NO_SHOPPER, "brand"))
        return
    lists = read_last_scores(store, users[:NEWEST])
    best = [scored.scores[0].item_id for scored in lists.values() if scored.scores]
    items = read_items(store, best)
    st.html(list_table(users[:NEWEST], lists, items, now, zone))


NOTHING_RUNS = (
    "Start everything with `textwire up`, or one service with `python -m services.NAME`. "
    "It shows here within a second."
)
NOTHING_ASKED = (
    'Ask in the Support chat, or on a terminal: textwire ask "my card was charged twice".'
)
NO_NEWS = "Send articles to the topic news.articles, or replay the samples: textwire feed samples."
NO_SHOPPER = "Be one on the page Recommendations, or replay the samples: textwire feed samples."
# Three charts side by side stay wide enough to be read.
IN_A_ROW = 3
# Enough to see that something comes; the applications' own pages have the rest.
NEWEST = 6

settings = load(DashboardSettings)
zone = time_zone()

with st.container(key="operations"):
    live_part(figures, settings.refresh_s, speaks=True)
    live_part(history, settings.charts_refresh_s)
    live_part(stages, settings.charts_refresh_s)
    live_part(support, settings.refresh_s)
    live_part(news, settings.refresh_s)
    live_part(recommendations, settings.refresh_s)
