"""Whether a bare list names things of the shop."""

from __future__ import annotations

import pytest

from tests.encoders import HashingEncoder
from textwire.recommendations.asked.wish_parts import wishes_in
from textwire.recommendations.asked.wishes import parts_of
from textwire.recommendations.lists.bulk import index_of
from textwire.recommendations.messages import Item

ENCODER = HashingEncoder()
TITLES = (
    *("Electric kettle 1.7 l", "Desk lamp", "Puzzle of 1000 pieces", "Sea salt, fine"),
    *("Salt and pepper mill set", "Pepper mill", "Jumper, red", "Door handle, red", "Wool socks"),
)
INDEX = index_of([Item(id=title, title=title) for title in TITLES], ENCODER)


def wishes(asked: str) -> tuple[str, ...]:
    parts = parts_of(asked)
    words = [part.words for part in parts]
    return wishes_in(parts, dict(zip(words, ENCODER.encode(words), strict=True)), INDEX)


def test_things_that_items_are_called_are_wishes() -> None:
    assert wishes("kettle, desk lamp and a puzzle") == ("kettle", "desk lamp", "a puzzle")


@pytest.mark.parametrize(
    "asked",
    [
        "jumper, red",  # no item is a red
        "salt and pepper mill",  # one item is both
        "socks, wool",
        "kettle, unicorn",
    ],
)
def test_what_is_no_thing_or_all_in_one_item_is_one_wish(asked: str) -> None:
    assert wishes(asked) == ()


def test_articles_need_no_item() -> None:
    assert wishes("a kettle and a unicorn") == ("a kettle", "a unicorn")
