"""Which companies are watched."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.markup import notice
from dashboards.sentiment_alerts.watching import as_typed, unwatch, watch
from textwire.sentiment_alerts.results.reading import read_watched

NEW = ""
WATCHED_FIELDS = {
    "name": "Name",
    "ticker": "Ticker",
    "aliases": "Also called (by commas)",
    "context": "Only near one of these words (by commas)",
    "not": "Not in these phrases (by commas)",
    "sector": "Sector",
}


def watch_form() -> None:
    """Watching one more company, another way of naming one, or one no more."""
    with st.popover("Edit the watchlist", icon=":material/edit:"):
        known = read_watched(connections.results())
        name = st.selectbox(
            "Company", [NEW, *known], key="watch_which",
            format_func=lambda one: one or "A new company",
        )  # fmt: skip
        company = known.get(name or NEW)
        written, of = as_typed(company), f"_{company.name}" if company else ""
        with st.form(f"watch{of}", border=False, clear_on_submit=company is None):
            fields = {
                field: st.text_input(
                    words, written.get(field, ""), key=f"watch_{field}{of}", max_chars=200,
                    disabled=field == "name" and company is not None,
                )
                for field, words in WATCHED_FIELDS.items()
            }  # fmt: skip
            asked = st.form_submit_button("Save" if company else "Watch", type="primary")
        if company is not None:
            st.button(
                "Watch no more", key="unwatch", on_click=watch_no_more, args=(company.name,),
                icon=":material/delete:", type="tertiary",
            )  # fmt: skip
        if asked:
            problem = watch(fields, known.values(), connections.sender)
            name = fields["name"].strip()
            # Kept, since this part of the page is drawn anew every few seconds.
            st.session_state.watch_told = f"{name} is watched from now on.", problem
        told, problem = st.session_state.get("watch_told", ("", ""))
        if problem:
            st.html(notice("The watchlist is as it was.", problem, "bad"))
        elif told:
            st.html(notice(told, "", "good"))


def watch_no_more(name: str) -> None:
    """Take a company from the watchlist."""
    problem = unwatch(name, connections.sender)
    st.session_state.watch_told = f"{name} is watched no more.", problem
    st.session_state.watch_which = NEW
