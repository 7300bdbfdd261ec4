"""Slips of the keyboard in a request."""

from __future__ import annotations

import pytest

from tests.encoders import HashingEncoder
from textwire.recommendations.asked.spelled import as_the_shop_spells
from textwire.recommendations.lists.bulk import index_of
from textwire.recommendations.messages import Item

ENCODER = HashingEncoder()
INDEX = index_of(
    [Item(id="a", title="Asics running shoes"), Item(id="b", title="Rubber boots")], ENCODER
)
KNOWN = frozenset({"running", "shoes", "boots", "boats", "for", "rubber"})


@pytest.mark.parametrize(
    ("asked", "spelled"),
    [
        ("runing shoees", "running shoes"),
        ("Azics shoes", "asics shoes"),
        ("rubber boats", "rubber boats"),  # a word of the language
        ("running shoes", "running shoes"),
        ("unicorns", "unicorns"),  # near to nothing
    ],
)
def test_slips_are_mended_by_the_words_of_near_items(asked: str, spelled: str) -> None:
    assert as_the_shop_spells(asked, ENCODER.encode([asked])[0], INDEX, KNOWN) == spelled


def test_without_the_words_of_a_language_nothing_is_mended() -> None:
    asked = "runing shoees"
    assert as_the_shop_spells(asked, ENCODER.encode([asked])[0], INDEX, frozenset()) == asked
