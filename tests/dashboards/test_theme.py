"""The look, as far as it can be computed."""

from __future__ import annotations

import math
import re
import tomllib
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import dashboards
from dashboards.markup import SIGNS
from dashboards.sentiment_alerts.sentiment_marks import SIGNS as SENTIMENT_SIGNS
from dashboards.support_qa import analytics_charts, chat_html, desk_html
from dashboards.theme import PALETTE, READ_ON, style_sheet
from textwire.sentiment_alerts.messages import SENTIMENTS
from textwire.support_qa.messages import HandoffReason

FOLDER = Path(dashboards.__file__).parent
CONFIG = tomllib.loads((FOLDER / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
PAIRS = [(text, ground) for text, grounds in READ_ON.items() for ground in grounds]


def channels(colour: str) -> list[float]:
    """Red, green and blue, linear in light."""
    coded = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in coded]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# How colours look to those without a kind of cone. Source: Machado et al. 2009, severity 1.
EYES = {
    "all three cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "no red cones": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green cones": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue cones": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# CIELAB distance; 2.3 is just noticeable side by side, and bars lie apart and are small.
APART = 30


def seen_as(colour: str, eye: str) -> tuple[float, float, float]:
    """A colour in CIELAB (D65) as an eye sees it."""
    linear = [max(0.0, sum(w * c for w, c in zip(row, channels(colour), strict=True)))
              for row in EYES[eye]]  # fmt: skip
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        _lightness(sum(w * c for w, c in zip(row, linear, strict=True)) / w0)
        for row, w0 in zip(to_xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _lightness(share: float) -> float:
    return float(share ** (1 / 3)) if share > 0.008856 else 7.787 * share + 16 / 116


@pytest.mark.parametrize("eye", EYES)
def test_sentiments_are_told_apart_by_every_eye(eye: str) -> None:
    seen = [seen_as(PALETTE[label], eye) for label in SENTIMENTS]
    assert all(math.dist(one, other) >= APART for one, other in combinations(seen, 2))


def test_sentiments_are_told_apart_without_colour_too() -> None:
    assert len(set(SENTIMENT_SIGNS.values())) == len(SENTIMENTS)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    dark, light = sorted((luminance(PALETTE[text]), luminance(PALETTE[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_streamlit_and_the_style_sheet_agree_on_colours() -> None:
    theme = CONFIG["theme"]
    assert theme["primaryColor"] == PALETTE["brand"]
    assert theme["backgroundColor"] == PALETTE["paper"]
    assert theme["secondaryBackgroundColor"] == PALETTE["card"]
    assert theme["textColor"] == PALETTE["ink"]


def test_every_colour_that_the_style_sheet_names_is_in_the_palette() -> None:
    named = set(re.findall(r"var\(--([a-z-]+)\)", style_sheet()))
    # Set by rules of their own: what a page's parts differ in.
    assert named - set(PALETTE) == {"shadow", "person", "side", "strength"}


def test_nothing_is_fetched_from_elsewhere() -> None:
    sheet = style_sheet().replace("http://www.w3.org/2000/svg", "")
    assert "http" not in sheet
    assert "@import" not in sheet
    for face in CONFIG["theme"]["fontFaces"]:
        assert (FOLDER / face["url"].removeprefix("app/")).is_file()


def test_the_font_has_its_licence_beside_it() -> None:
    licence = (FOLDER / "static" / "GEIST-LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL Open Font License, Version 1.1" in licence


def test_no_two_states_share_a_sign() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS)


@pytest.mark.parametrize("page", [chat_html, desk_html, analytics_charts])
def test_every_reason_for_a_handoff_has_words(page: ModuleType) -> None:
    assert set(page.REASONS) == set(get_args(HandoffReason))
