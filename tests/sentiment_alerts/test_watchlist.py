"""What is wrong with a company that somebody writes, in words."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from textwire.cli.watchlist import add
from textwire.sentiment_alerts.watchlist import wrong_length


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "its name is empty"),
        ({"name": "   "}, "its name is empty"),
        ({"name": "X"}, "its name 'X' must have 2 to 200 characters"),
        ({"name": "Orvelle", "ticker": ""}, "its ticker is empty"),
        ({"name": "Orvelle", "aliases": ("O",)}, "its alias 'O' must have 2 to 200 characters"),
        ({"name": "Orvelle", "context": ("",)}, "its context word is empty"),
        ({"name": "Orvelle", "sector": ""}, None),
        ({"name": "Orvelle", "ticker": None, "aliases": ("Orvelle Software",)}, None),
    ],
)
def test_a_text_that_cannot_be_used_is_named(fields: dict[str, str], told: str | None) -> None:
    assert wrong_length(fields) == told


def test_an_empty_name_is_refused_in_words_before_anything_is_asked() -> None:
    done = CliRunner().invoke(add, [""])
    assert str(done.exception) == "This is no company that can be watched: its name is empty."
