"""How far the news has been read, and the desk's counts."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.markup import notice
from dashboards.sentiment_alerts.news_status import news_head, news_tiles
from dashboards.sentiment_alerts.view import View
from dashboards.tiles import tile_grid
from textwire.observing.reports import read_reports
from textwire.sentiment_alerts.results.reading import read_alerts, read_companies, read_desk

NO_NEWS = (
    "Send articles to the topic news.articles, or replay the samples: textwire feed samples. "
    "Alerts, companies and curves show here as they are read."
)


def head(view: View) -> None:
    """How far the news has been read, and the desk's counts."""
    store, now = connections.results(), connections.now()
    desk, alerts = read_desk(store), read_alerts(store)
    reports = read_reports(store)
    st.html(news_head(desk, reports, now, view.settings.silent_after_s, view.zone))
    if desk is None:
        st.html(notice("No article has been read yet.", NO_NEWS, "brand"))
        return
    st.html(tile_grid(news_tiles(desk, alerts, len(read_companies(store)))))
