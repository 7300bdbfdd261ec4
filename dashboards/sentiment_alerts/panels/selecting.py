"""What an analyst selects in one part of the page is shown in the others."""

from __future__ import annotations

import streamlit as st

from dashboards.sentiment_alerts.selection import select_alert, select_company, select_story
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.records import Story


def look(alert: Alert) -> None:
    """Show what an alert is about in the other parts of the page."""
    select_alert(alert)
    st.session_state.moved = True


def read_on(story: Story) -> None:
    """Show a story's articles in the other parts of the page."""
    select_story(story.id, next(iter(story.companies), None))
    st.session_state.moved = True


def pick(entity: str) -> None:
    """Show a company in the other parts of the page."""
    select_company(entity)
    st.session_state.moved = True


def show_more(name: str) -> None:
    """Twice as many."""
    st.session_state[name] *= 2
