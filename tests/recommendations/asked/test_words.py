"""What a request names, and which items name it."""

from __future__ import annotations

import pytest

from textwire.recommendations.asked.words import AskedWords
from textwire.recommendations.messages import Item


@pytest.mark.parametrize(
    ("asked", "thing", "kind", "others"),
    [
        ("safety gloves", "glove", ("safety",), ()),
        ("gloves for welding", "glove", (), ("welding",)),
        ("I need a good drill bit for steel, please", "bit", ("drill",), ("steel",)),
        ("something to measure pH", "ph", ("measure",), ()),
        ("batteries", "battery", (), ()),
        ("something nice for me", None, (), ()),
        ("", None, (), ()),
    ],
)
def test_the_thing_is_the_last_word_before_a_preposition(asked, thing, kind, others) -> None:
    assert AskedWords.of(asked) == AskedWords(thing, kind, others)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("ear plugs", "Foam earplugs, 50 pairs"),
        ("earplugs", "Earplugs of foam"),
        ("o rings", "Rubber O-Ring set"),
        ("gloves for welding", "Leather gloves"),
        ("drill bits", "Bit set for a drill"),
        ("boxes", "A box"),
        ("bread baking", "Bake your own bread"),
        ("to bake bread", "Baking: bread and rolls"),
        ("knitting wool", "Wool to knit with"),
    ],
)
def test_an_item_names_the_thing_in_one_number_or_the_other(asked: str, title: str) -> None:
    assert AskedWords.of(asked).name_the_thing_of(title)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("ear plugs", "RCA plug, ten pieces"),
        ("gloves for welding", "Welding helmet"),
        ("drill bit for steel", "Round rod of steel"),
        ("beaker for the lab", "Lab flask"),
        ("", "Anything"),
        ("ring", "A string"),
        ("king", "Kites"),
        ("bakery", "Bake"),
    ],
)
def test_what_only_shares_a_word_is_not_the_thing(asked: str, title: str) -> None:
    assert not AskedWords.of(asked).name_the_thing_of(title)


def test_the_thing_counts_more_than_what_it_is_to_be_like() -> None:
    asked = AskedWords.of("black safety gloves")
    items = [
        Item(id="1", title="Safety gloves", tags=("black",)),
        Item(id="2", title="Gloves"),
        Item(id="3", title="Black pen"),
        Item(id="4", title="Pen"),
    ]
    assert asked.parts_in(items).tolist() == [1.0, 0.5, 0.25, 0.0]


@pytest.mark.parametrize(
    ("asked", "title", "word"),
    [
        ("safety gloves", "Exam Gloves, powder-free", "gloves"),
        ("safety gloves", "Gloves for the garden", "gloves"),
        ("safety gloves", "Leather glove - one size", "glove"),
        ("safety gloves", "Glove box organiser", None),
        ("sauté pan", "Pocket screws, pan-head, 100 pieces", None),
        ("sauté pan", "Frying pan 28 cm", "pan"),
        ("ear plugs", "Tank drain", None),
    ],
)
def test_a_title_says_that_it_is_the_thing_by_the_last_word_of_a_name(asked, title, word) -> None:
    assert AskedWords.of(asked).thing_in(title) == word
