"""Putting a chart on the page so that new figures move it rather than draw it anew."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from dashboards.rendering import render


def draw(title: str, note: str, chart: Any | None, *, key: str, otherwise: str = "") -> None:
    """A chart in a card under its title; or, without one, what to do to get it."""
    with st.container(key=f"card_{key}"):
        st.html(render("shared/chart_head.html", title=title, note=note))
        if chart is None:
            st.html(render("shared/chart_empty.html", text=otherwise))
        else:
            data, spec = parted(chart)
            st.vega_lite_chart(data, spec, theme=None, width="stretch", key=key, alt=title)


def parted(chart: Any) -> tuple[Any, dict[str, Any]]:
    """A chart's table and its specification without it.

    The specification stays the same while figures change, so that the browser keeps the drawing
    and takes in the new rows.
    """
    bare = chart.copy(deep=False)
    data, bare.data = bare.data, alt.NamedData("rows")
    spec: dict[str, Any] = bare.to_dict()
    del spec["data"]
    return data, spec
