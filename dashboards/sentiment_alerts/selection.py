"""What an analyst looks at: a company, a topic, an alert; kept in the address."""

from __future__ import annotations

import streamlit as st

from textwire.sentiment_alerts.messages import Alert

COMPANY, TOPIC, ALERT = "company", "topic", "alert"
ALL = ""


def selection_from_address() -> None:
    """Take over what a link or a reload names, once for each visit of the page."""
    for name in (COMPANY, TOPIC, ALERT):
        if name not in st.session_state:
            st.session_state[name] = st.query_params.get(name, ALL)


def selection_to_address() -> None:
    """Put it there, so that it can be sent to a colleague."""
    for name in (COMPANY, TOPIC, ALERT):
        chosen = st.session_state.get(name) or ALL
        if chosen and st.query_params.get(name) != chosen:
            st.query_params[name] = chosen
        elif not chosen and name in st.query_params:
            del st.query_params[name]


def select_company(entity: str) -> None:
    """Look at a company and all its topics."""
    st.session_state[COMPANY], st.session_state[TOPIC], st.session_state[ALERT] = entity, ALL, ALL


def select_alert(alert: Alert) -> None:
    """Look at what an alert is about."""
    st.session_state[COMPANY] = alert.entity or ALL
    st.session_state[TOPIC] = alert.topic or ALL
    st.session_state[ALERT] = alert.id


def leave_alert() -> None:
    """Look at all articles of the company or topic again."""
    st.session_state[ALERT] = ALL


def selected() -> tuple[str | None, str | None, str | None]:
    """Company, topic and alert, each None where none is chosen."""
    company, topic, alert = (st.session_state.get(name) or None for name in (COMPANY, TOPIC, ALERT))
    return company, topic, alert
