"""The Textwire pages: `python -m streamlit run <package>/dashboards/served.py`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards.config import DashboardSettings
from dashboards.markup import notice
from dashboards.page_list import pages_for
from dashboards.signing_in.current import viewer_now
from dashboards.theme import style_sheet
from textwire.errors import TextwireError
from textwire.settings import load

PICTURES = Path(__file__).with_name("static")

st.set_page_config(
    page_title="Textwire", page_icon=PICTURES / "mark.svg", layout="wide",
    initial_sidebar_state="collapsed",
)  # fmt: skip
st.html(style_sheet())
st.logo(PICTURES / "textwire.svg", size="large")

try:
    load(DashboardSettings)
    viewer = viewer_now()
except TextwireError as error:
    st.html(notice("The dashboard's settings are wrong.", str(error), "bad"))
    st.stop()
if viewer is None:
    st.html(notice("Sign in first.", "These pages are for people who have signed in.", "waiting"))
    st.stop()
st.navigation([page.as_page() for page in pages_for(viewer)], position="top").run()
