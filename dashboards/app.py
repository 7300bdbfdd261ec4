"""The Textwire pages: `python -m streamlit run <package>/dashboards/app.py`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards.config import DashboardSettings
from dashboards.markup import notice
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

page = st.navigation(
    [
        st.Page(
            "support_qa/page.py", title="Support chat", icon=":material/forum:", default=True
        ),
        st.Page(
            "support_qa/desk_page.py", title="Agent desk", icon=":material/support_agent:",
            url_path="desk",
        ),
        st.Page(
            "sentiment_alerts/page.py", title="Sentiment monitor", icon=":material/newspaper:",
            url_path="sentiment",
        ),
        st.Page(
            "recommendations/page.py", title="Recommendations", icon=":material/recommend:",
            url_path="recommendations",
        ),
        st.Page(
            "operations/page.py", title="Operations", icon=":material/monitor_heart:",
            url_path="operations",
        ),
    ],
    position="top",
)  # fmt: skip
try:
    load(DashboardSettings)
except TextwireError as error:
    st.html(notice("The dashboard's settings are wrong.", str(error), "bad"))
    st.stop()
page.run()
