"""What is folded away until its reader folds it out."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def fold(label: str, key: str) -> DeltaGenerator:
    """A part that is closed at first, and from then on as its reader left it.

    Its state is kept by the server, under its key. A `<details>` of our own, or an expander whose
    state the browser keeps, closes whenever its elements are made anew: when HTML changes, when an
    item moves, and when Streamlit drops what it has not sent yet as a part is drawn again.
    """
    return st.expander(label, type="compact", key=f"fold_{key}", on_change="rerun")
