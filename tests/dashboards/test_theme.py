"""The look, as far as it can be computed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import dashboards
from dashboards.bubbles import REASONS
from dashboards.markup import SIGNS
from dashboards.theme import PALETTE, READ_ON, style_sheet

FOLDER = Path(dashboards.__file__).parent
CONFIG = tomllib.loads((FOLDER / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
PAIRS = [(text, ground) for text, grounds in READ_ON.items() for ground in grounds]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
    assert named - set(PALETTE) == {"shadow", "person"}


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


def test_every_reason_for_a_handoff_has_words() -> None:
    assert set(REASONS) == {"low_confidence", "customer_asked", "no_knowledge"}
