"""Parts of a page that refresh by themselves."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards.markup import notice
from textwire.errors import Unavailable

TRYING_AGAIN = "This page tries again every second; what it shows returns by itself."


def live_part(draw_it: Callable[[], None], every_s: float, *, speaks: bool = False) -> None:
    """A part that is drawn again every so often, and stays empty while Redis is away.

    Args: speaks: says so on the page; one part of each page does.
    """

    def shown() -> None:
        try:
            draw_it()
        except Unavailable as error:
            if speaks:
                st.html(notice("Nothing can be read right now.", f"{error} {TRYING_AGAIN}"))

    st.fragment(shown, run_every=every_s)()
