"""The look of the pages: one palette, one style sheet.

`.streamlit/config.toml` repeats what Streamlit draws itself; a test keeps both alike.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FONT = "Geist, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

# Text on its ground reaches a contrast of 4.5 at least (WCAG 2.2, 1.4.3), which a test checks.
PALETTE = {
    "ink": "#14233B",
    "ink-soft": "#56637A",
    "paper": "#F7F7F4",
    "card": "#FFFFFF",
    "line": "#E6E8E3",
    "line-strong": "#C3C9CF",
    "brand": "#0B5C8F",
    "brand-ground": "#E6F0F7",
    "good": "#00664A",
    "good-ground": "#E2F3EC",
    "waiting": "#7A4E00",
    "waiting-ground": "#FDF1D8",
    "bad": "#9A3700",
    "bad-ground": "#FCE7DC",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "amber": "#E69F00",
    "sky": "#56B4E9",
    # Sentiments: vermillion, grey and blue stay apart for every kind of colour-blindness, where
    # green would turn grey for some. Each has a sign besides (sentiment_marks.py).
    "negative": "#D55E00",
    "negative-ink": "#9A3700",
    "negative-ground": "#FCE7DC",
    "neutral": "#AEB6C1",
    "neutral-ink": "#475063",
    "neutral-ground": "#EEF0F2",
    "positive": "#0072B2",
    "positive-ink": "#00568A",
    "positive-ground": "#E1EFF8",
}

# Okabe and Ito's colours in an order that keeps neighbours apart.
SERIES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]

READ_ON = {  # text: the grounds it is set on
    "ink": ("paper", "card", "brand-ground", "waiting-ground"),
    "ink-soft": ("paper", "card"),
    "card": ("brand",),
    "brand": ("card", "paper", "brand-ground"),
    "good": ("good-ground", "card"),
    "waiting": ("waiting-ground", "card"),
    "bad": ("bad-ground", "card"),
    "negative-ink": ("negative-ground", "card", "paper"),
    "neutral-ink": ("neutral-ground", "card", "paper"),
    "positive-ink": ("positive-ground", "card", "paper"),
}


@cache
def colours() -> str:
    """The palette as custom properties."""
    properties = "".join(f"--{name}:{value};" for name, value in PALETTE.items())
    return f":root{{{properties}}}"


@cache
def style_sheet() -> str:
    """The style element of every page."""
    rules = Path(__file__).with_name("styles.css").read_text(encoding="utf-8")
    return f"<style>{colours()}\n{rules}</style>"
