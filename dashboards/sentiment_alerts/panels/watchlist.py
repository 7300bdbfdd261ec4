"""Companies, those that need looking at first."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboards import connections
from dashboards.markup import heading, nothing
from dashboards.sentiment_alerts.event_time import gathered, step_for
from dashboards.sentiment_alerts.panels.selecting import pick
from dashboards.sentiment_alerts.panels.watch_form import watch_form
from dashboards.sentiment_alerts.selection import selected
from dashboards.sentiment_alerts.view import View
from dashboards.sentiment_alerts.watchlist import (
    by_attention,
    matching,
    watched,
    watchlist_head,
    watchlist_row,
)
from dashboards.wording import counted, whole
from textwire.sentiment_alerts.results.reading import (
    read_alerts,
    read_cells,
    read_companies,
    read_desk,
)

DAY = timedelta(hours=24)
SPARK_STEPS = 24


def watchlist(view: View) -> None:
    """Companies, those that need looking at first."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    companies = read_companies(store)
    ranked = by_attention(watched(companies, read_alerts(store)), desk.watermark)
    with st.container(key="watch_head", horizontal=True, vertical_alignment="center"):
        st.html(heading("Watchlist", "what needs attention first"))
        sought = st.text_input(
            "Find a company", key="sought", type="search", live=True, max_chars=100,
            placeholder="Name, ticker or sector", label_visibility="collapsed",
            persist_state="session", width=230,
        )  # fmt: skip
    found = matching(ranked, sought or "")
    rows = found[: view.settings.watched_companies]
    base = timedelta(minutes=desk.step_minutes)
    step = step_for(DAY, base, SPARK_STEPS)
    with st.container(key="watch_card", gap=None):
        st.html(watchlist_head())
        for place, row in enumerate(rows):
            entity = row.company.entity
            cells = read_cells(store, entity, None)
            steps = gathered(cells, desk.watermark, DAY, step, base)
            with st.container(key=f"watch_{place}"):
                st.html(watchlist_row(row, steps, entity == selected()[0]))
                st.button(f"Look at {entity}", key=f"pick_{entity}", on_click=pick, args=(entity,))
        st.html(nothing(listed_words(len(rows), len(found), len(companies))))
    watch_form()
    if st.session_state.pop("moved", False):
        st.rerun()


def listed_words(shown: int, found: int, known: int) -> str:
    """How many of how many are on the page."""
    if not known:
        return (
            "No company is watched yet. Edit the watchlist below, or: textwire watchlist load FILE."
        )
    if not found:
        return "No company matches. Names, tickers and sectors are searched."
    if shown < found:
        return f"{whole(shown)} of {counted(found, 'company', 'companies')}: search for the others."
    return f"{counted(found, 'company', 'companies')}"
