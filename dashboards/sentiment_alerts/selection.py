"""What an analyst looks at: a company, a topic, an alert; kept in the address."""

from __future__ import annotations

import streamlit as st

from textwire.sentiment_alerts.messages import Alert

COMPANY, TOPIC, ALERT, STORY = "company", "topic", "alert", "story"
NAMES = (COMPANY, TOPIC, ALERT, STORY)
ALL = ""


def selection_from_address() -> None:
    """Take over what a link or a reload names, once for each visit of the page."""
    for name in NAMES:
        if name not in st.session_state:
            st.session_state[name] = st.query_params.get(name, ALL)


def selection_to_address() -> None:
    """Put it there, so that it can be sent to a colleague."""
    for name in NAMES:
        chosen = st.session_state.get(name) or ALL
        if chosen and st.query_params.get(name) != chosen:
            st.query_params[name] = chosen
        elif not chosen and name in st.query_params:
            del st.query_params[name]


def select_company(entity: str) -> None:
    """Look at a company and all its topics."""
    _select(company=entity)


def select_alert(alert: Alert) -> None:
    """Look at what an alert is about."""
    _select(company=alert.entity or ALL, topic=alert.topic or ALL, alert=alert.id)


def select_story(story_id: str, company: str | None) -> None:
    """Look at the articles of a story, beside the curves of a company that it names."""
    _select(company=company or ALL, story=story_id)


def leave() -> None:
    """Look at all articles of the company or topic again."""
    st.session_state[ALERT] = st.session_state[STORY] = ALL


def selected() -> tuple[str | None, str | None, str | None]:
    """Company, topic and alert, each None where none is chosen."""
    company, topic, alert = (st.session_state.get(name) or None for name in (COMPANY, TOPIC, ALERT))
    return company, topic, alert


def selected_story() -> str | None:
    """The story whose articles are looked at."""
    return st.session_state.get(STORY) or None


def _select(*, company: str = ALL, topic: str = ALL, alert: str = ALL, story: str = ALL) -> None:
    for name, value in zip(NAMES, (company, topic, alert, story), strict=True):
        st.session_state[name] = value
