"""Sentiment monitor: what is said of whom, what is unusual about it, and what is done about it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.live import live_part
from dashboards.sentiment_alerts.panels.detail import detail
from dashboards.sentiment_alerts.panels.head import head
from dashboards.sentiment_alerts.panels.heat import heat
from dashboards.sentiment_alerts.panels.inbox import inbox
from dashboards.sentiment_alerts.panels.stories import stories
from dashboards.sentiment_alerts.panels.watchlist import watchlist
from dashboards.sentiment_alerts.selection import select_company, selected, selection_from_address
from dashboards.sentiment_alerts.view import View
from dashboards.sentiment_alerts.watchlist import by_attention, watched
from textwire.errors import Unavailable
from textwire.sentiment_alerts.results.reading import read_alerts, read_companies, read_desk
from textwire.settings import load


def choose_first() -> None:
    """Without a choice in the address, look at what needs it most."""
    if any(selected()) or st.session_state.get("chose_first"):
        return
    try:
        store = connections.results()
        desk = read_desk(store)
        if desk is None:
            return
        ranked = by_attention(watched(read_companies(store), read_alerts(store)), desk.watermark)
    except Unavailable:
        return
    if ranked:
        st.session_state.chose_first = True
        select_company(ranked[0].company.entity)


settings = load(DashboardSettings)
view = View(settings, time_zone())
selection_from_address()
choose_first()

with st.container(key="monitor"):
    live_part(partial(head, view), settings.refresh_s, speaks=True)
    live_part(partial(inbox, view), settings.refresh_s)
    left, right = st.columns([10, 12], gap="medium")
    with left:
        live_part(partial(stories, view), settings.charts_refresh_s)
    with right:
        live_part(partial(heat, view), settings.charts_refresh_s)
    left, right = st.columns([10, 12], gap="medium")
    with left:
        live_part(partial(watchlist, view), settings.charts_refresh_s)
    with right:
        live_part(partial(detail, view), settings.charts_refresh_s)
