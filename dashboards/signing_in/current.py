"""Who looks at the page that is being drawn."""

from __future__ import annotations

import streamlit as st

from dashboards.config import DashboardSettings
from dashboards.signing_in.access import People, cookies_of, people_of
from dashboards.signing_in.viewer import ANYBODY, COOKIE, Viewer, ViewerCookies
from textwire.settings import load


def viewer_now() -> Viewer | None:
    """Who looks; None where they have to sign in first.

    Raises: SettingsError: the sign-in is not set up.
    """
    settings = load(DashboardSettings)
    if settings.sign_in == "open":
        return ANYBODY
    cookies, people = _readers(settings)
    return cookies.viewer_of(st.context.cookies.get(COOKIE), people())


def signed_in_name() -> str:
    """The name of who signed in, under which they act; empty where nobody signs in."""
    viewer = viewer_now()
    return viewer.name if viewer else ""


@st.cache_resource(show_spinner=False)
def _readers(_settings: DashboardSettings) -> tuple[ViewerCookies, People]:
    return cookies_of(_settings), people_of(_settings)
