"""Who has signed in, and the way out."""

from __future__ import annotations

import streamlit as st

from dashboards.rendering import render
from dashboards.signing_in.current import viewer_now
from dashboards.signing_in.doorkeeping import SIGN_OUT

viewer = viewer_now()
if viewer is not None:
    st.html(
        render("signing_in/viewer.html", name=viewer.name, roles=sorted(viewer.roles), out=SIGN_OUT)
    )
