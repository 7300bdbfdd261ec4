"""The pages with their sign-in: `python -m streamlit run <package>/dashboards/served.py`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.starlette import App

from dashboards.config import DashboardSettings
from dashboards.signing_in.guarding import guard_of
from textwire.settings import load

PAGES = Path(__file__).with_name("app.py")

guard = guard_of(load(DashboardSettings), st.get_option("server.address") or "")
# Streamlit looks for this very assignment to see that it is to serve an application.
app = App(PAGES, routes=guard.routes, middleware=guard.middleware)
