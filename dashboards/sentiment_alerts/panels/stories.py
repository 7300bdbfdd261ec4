"""What several articles tell of."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.markup import heading, nothing
from dashboards.sentiment_alerts.exporting import stories_csv
from dashboards.sentiment_alerts.panels.selecting import read_on
from dashboards.sentiment_alerts.selection import selected_story
from dashboards.sentiment_alerts.stories import story_row, told_most
from dashboards.sentiment_alerts.view import View
from textwire.sentiment_alerts.results.reading import read_desk, read_recent_stories

NO_STORY = "No event of the last day was told by more than one article."


def stories(view: View) -> None:
    """What several articles tell of, that which most tell first."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    told = told_most(read_recent_stories(store), desk.watermark)
    with st.container(key="stories_head", horizontal=True, vertical_alignment="center"):
        st.html(heading("Stories", "one event, however many write of it"))
        if told:
            st.download_button(
                "CSV", lambda: stories_csv(told), "stories.csv", "text/csv", key="stories_csv",
                on_click="ignore", type="tertiary", icon=":material/download:",
            )  # fmt: skip
    with st.container(key="stories_card", gap=None):
        for place, story in enumerate(told[: view.settings.listed_stories]):
            with st.container(key=f"told_{place}"):
                st.html(story_row(story, view.zone, chosen=story.id == selected_story()))
                st.button(
                    f"Read {story.title}", key=f"read_{story.id}", on_click=read_on, args=(story,)
                )
        if not told:
            st.html(nothing(NO_STORY))
    if st.session_state.pop("moved", False):
        st.rerun()
