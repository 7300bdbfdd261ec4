"""What a request names of items that stand beside one another."""

from __future__ import annotations

from typing import Any

import pytest

from textwire.recommendations.asked.likened import likened
from textwire.recommendations.asked.naming import COMPARED, likened_among, parts_named
from textwire.recommendations.asked.words import AskedWords
from textwire.recommendations.messages import Item


def item(item_id: str, title: str, **more: Any) -> Item:
    return Item(id=item_id, title=title, **more)


def parts(asked: str, *items: Item) -> list[float]:
    found = parts_named(AskedWords.of(asked), items)
    return [round(float(one), 3) for one in found]


FLOUR = item("flour", "Wheat flour 1 kg")
FREE = item("free", "Lactose-free butter 250 g", tags=("butter",))
BUTTER = item("butter", "Salted butter 250 g", tags=("butter",))


def test_what_says_that_it_lacks_what_is_not_wanted_is_named_more() -> None:
    free, butter, flour = parts("butter without lactose", FREE, BUTTER, FLOUR)
    assert free == 1.0
    assert 0.0 < butter <= 0.5
    assert flour == 0.0


def test_where_nothing_says_so_all_is_as_it_was() -> None:
    assert parts("butter without lactose", BUTTER, FLOUR) == parts("butter", BUTTER, FLOUR)


def test_of_a_maker_the_name_is_all_where_nothing_is_called_by_the_class() -> None:
    one = item("1", "The Lighthouse", more={"author": "Ada Quill"})
    other = item("2", "The Harbour", more={"author": "B. Stone"})
    assert parts("books by Ada Quill", one, other) == [1.0, 0.0]
    shirt = item("3", "Linen shirt", more={"brand": "Quill"})
    belt = item("4", "Leather belt", more={"brand": "Quill"})
    assert parts("shirts by Quill", shirt, belt) == [1.0, pytest.approx(0.667)]


@pytest.mark.parametrize(
    ("asked", "thing", "other"),
    [
        ("camera", item("a", "Camera 24 MP"), item("b", "Camera strap")),
        ("kettle", item("a", "Kettle, steel"), item("b", "Kettle descaler 500 ml")),
        ("tent", item("a", "Dome, two persons", category="Tents"), item("b", "Tent pegs")),
    ],
)
def test_what_the_word_only_says_which_one_of_is_named_less(
    asked: str, thing: Item, other: Item
) -> None:
    first, second = parts(asked, thing, other)
    assert first == 1.0
    assert 0.0 < second < first


def test_a_set_of_them_is_the_thing_and_so_is_what_its_category_says() -> None:
    spanners = item("a", "Spanner set of nine")
    assert parts("spanner", spanners) == [1.0]
    assert parts("jacket", item("b", "Jacket black", category="Jackets")) == [1.0]


WINTER = item("winter", "Winter of Wolves", tags=("fantasy",))
SPRING = item("spring", "A Spring of Ravens", tags=("fantasy",))
MALLET = item("mallet", "Rubber mallet")


@pytest.mark.parametrize(
    ("asked", "compared"),
    [
        ("something like Winter of Wolves but for children", "winter"),
        ("novels similar to Winter of Wolves", "winter"),
        ("something like the rubber mallet but softer", "mallet"),
        ("something like a rubber mallet", None),
        ("I would like the rubber mallet", None),
        ("my son likes the rubber mallet", None),
        ("fantasy like Winter", None),
        ("Winter of Wolves", None),
    ],
)
def test_the_item_that_others_are_to_be_like_is_known_by_its_whole_title(
    asked: str, compared: str | None
) -> None:
    found = likened_among(AskedWords.of(asked), (SPRING, MALLET, WINTER))
    assert (found.id if found else None) == compared


def test_it_comes_behind_what_is_like_it() -> None:
    winter, spring = parts("something like Winter of Wolves but fantasy", WINTER, SPRING)
    assert (winter, spring > 0.0) == (COMPARED, True)


def test_nothing_is_likened_in_most_requests() -> None:
    assert likened("a mallet of rubber, not too heavy") == ("", 0)
