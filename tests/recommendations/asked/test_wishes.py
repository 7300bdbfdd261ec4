"""Requests for several things at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.asked.wishes import MOST, parts_of


@pytest.mark.parametrize(
    ("asked", "wishes"),
    [
        ("a tent and a sleeping bag", ["a tent", "a sleeping bag"]),
        ("rain boots and a rain jacket", ["rain boots", "a rain jacket"]),
        ("I'm looking for a tent and a stove", ["a tent", "a stove"]),
        ("a dress in blue and a hat", ["a dress in blue", "a hat"]),
        ("for our trip we need a tent and two pillows", ["a tent", "two pillows"]),
    ],
)
def test_an_article_parts_wishes(asked: str, wishes: list[str]) -> None:
    parts = parts_of(asked)
    assert [part.words for part in parts] == wishes
    assert all(part.is_sure for part in parts)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("milk, eggs & flour", ["milk", "eggs", "flour"]),
        ("kettle, desk lamp and a puzzle", ["kettle", "desk lamp", "a puzzle"]),
        ("salt and pepper mill", ["salt", "pepper mill"]),
        ("suitcase or backpack", ["suitcase", "backpack"]),
    ],
)
def test_of_a_bare_list_the_shop_has_to_tell(asked: str, words: list[str]) -> None:
    parts = parts_of(asked)
    assert [part.words for part in parts] == words
    assert not all(part.is_sure for part in parts)


@pytest.mark.parametrize(
    "asked",
    [
        *("a case with a lid and a handle", "a book about a cat and a dog", "a tent", ""),
        *("food for cats and dogs", "a dress, a blue one", "a lamp that dims and turns"),
        *("headphones with mic and noise cancelling", "present for a boy and a girl", "and, or"),
    ],
)
def test_what_says_more_of_one_thing_is_one_wish(asked: str) -> None:
    assert parts_of(asked) == ()


@given(st.text(max_size=60) | st.lists(st.sampled_from(["a", "tent", ",", "and"])).map(" ".join))
def test_parts_are_parts_of_what_was_asked(asked: str) -> None:
    parts = parts_of(asked)
    assert len(parts) != 1
    assert len(parts) <= MOST
    assert all(part.words in asked for part in parts)
