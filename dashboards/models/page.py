"""Models: what is watched, and what becomes of challengers."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.config import DashboardSettings
from dashboards.live import live_part
from dashboards.markup import heading, notice
from dashboards.models.model_cards import drift_tiles, model_card, models_head, shadow_tiles
from dashboards.tiles import tile_grid
from textwire.settings import load
from textwire.shadow.results import ShadowFigures, WatchState, read_shadow, read_watches


def models() -> None:
    """Each model that is watched."""
    store, now = connections.results(), connections.now()
    states = read_watches(store)
    st.html(models_head(list(states.values()), now))
    if not states:
        st.html(notice("No model is watched.", NOBODY_WATCHES, "brand"))
    for task in sorted(states):
        st.html(heading(task, "what its watch found at the last look"))
        st.html(model_card(states[task], now))
        st.html(
            tile_grid([*drift_tiles(states[task].drift), *shadow_tiles(compared(states[task]))])
        )


def compared(state: WatchState) -> ShadowFigures | None:
    """Of its challenger, beside the champion of that look."""
    if state.challenger is None:
        return None
    return read_shadow(connections.results(), state.task, state.champion, state.challenger)


NOBODY_WATCHES = (
    "Watch one on a terminal: pipelines watch sentiment-alerts --data labelled.csv. "
    "It shows here at its first look."
)

settings = load(DashboardSettings)

with st.container(key="models"):
    live_part(models, settings.refresh_s, speaks=True)
