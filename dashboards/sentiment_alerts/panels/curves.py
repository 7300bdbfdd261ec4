"""Articles over time, of the company and the topic that are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from dashboards import connections
from dashboards.plotting import draw
from dashboards.sentiment_alerts.alert_words import key_words, topic_words
from dashboards.sentiment_alerts.charts import curve_chart
from dashboards.sentiment_alerts.event_time import gathered, step_for
from dashboards.sentiment_alerts.exporting import curves_csv
from dashboards.sentiment_alerts.selection import ALL, COMPANY, TOPIC
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.reading import read_cells
from textwire.sentiment_alerts.results.records import DeskStatus, Subject

SPANS = {"6 h": timedelta(hours=6), "24 h": timedelta(hours=24), "72 h": timedelta(hours=72)}
NO_CURVE = "No article about this was counted within the last 72 hours of the news."
CHOOSE = "Choose a company or a topic to see its curves."


def choosers(companies: Sequence[str], topics: Sequence[str]) -> None:
    """Which company and which topic."""
    chosen_company, chosen_topic = st.session_state.get(COMPANY), st.session_state.get(TOPIC)
    with st.container(key="choosers", horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Company", with_chosen([ALL, *companies], chosen_company), key=COMPANY,
            label_visibility="collapsed", persist_state="session",
            format_func=lambda name: name or "All companies",
        )  # fmt: skip
        st.selectbox(
            "Topic", with_chosen([ALL, *topics], chosen_topic), key=TOPIC,
            label_visibility="collapsed", persist_state="session",
            format_func=lambda name: topic_words(name) if name else "All topics",
        )  # fmt: skip
        st.segmented_control(
            "Time", list(SPANS), default="24 h", required=True, key="span",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip


def curves(desk: DeskStatus, alerts: list[Alert], company: str | None, topic: str | None) -> None:
    """Articles over time, up to the watermark."""
    span = SPANS[st.session_state.get("span") or "24 h"]
    base = timedelta(minutes=desk.step_minutes)
    step = step_for(span, base)
    cells = read_cells(connections.results(), company, topic) if company or topic else []
    steps = gathered(cells, desk.watermark, span, step, base)
    minutes = round(step.total_seconds() / 60)
    draw(
        key_words(company, topic) if cells else "Curves",
        f"articles in {minutes} min · dashed: negative ones that are usual · band ▲: alert",
        curve_chart(steps, alerts) if cells else None,
        key="curves",
        otherwise=NO_CURVE if company or topic else CHOOSE,
    )
    if cells:
        st.download_button(
            "Curves as CSV", lambda: curves_csv(steps, Subject(company, topic)), "curves.csv",
            "text/csv", key="curves_csv", on_click="ignore", type="tertiary",
            icon=":material/download:",
        )  # fmt: skip


def with_chosen(options: list[str], chosen: str | None) -> list[str]:
    """The options, and what an address names though nothing is known of it."""
    return options if not chosen or chosen in options else [*options, chosen]
