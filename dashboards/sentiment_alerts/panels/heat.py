"""Which companies have bad news, and of what."""

from __future__ import annotations

from datetime import timedelta

from dashboards import connections
from dashboards.plotting import draw
from dashboards.sentiment_alerts.heat_map import heat_chart, heat_rows
from dashboards.sentiment_alerts.news_status import topics_seen
from dashboards.sentiment_alerts.view import View
from dashboards.sentiment_alerts.watchlist import by_attention, watched
from textwire.sentiment_alerts.results.reading import (
    read_alerts,
    read_cells_of,
    read_companies,
    read_desk,
    read_recent_articles,
)
from textwire.sentiment_alerts.results.records import Subject

DAY = timedelta(hours=24)
NO_HEAT = "No company that is watched was named together with a topic within 24 hours of the news."


def heat(view: View) -> None:
    """Which companies have bad news, and of what."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    alerts = read_alerts(store)
    ranked = by_attention(watched(read_companies(store), alerts), desk.watermark)
    companies = [row.company.entity for row in ranked[: view.settings.heat_companies]]
    topics = topics_seen(read_recent_articles(store, view.settings.topics_from_articles), alerts)
    subjects = [Subject(company, topic) for company in companies for topic in topics]
    rows = heat_rows(read_cells_of(store, subjects), desk.watermark, DAY)
    draw(
        "Companies and topics", "negative articles of 24 h",
        heat_chart(rows, companies) if len(rows) else None,
        key="heat", otherwise=NO_HEAT,
    )  # fmt: skip
