"""What a request excludes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.asked.unwanted import Parted, parted
from textwire.recommendations.asked.words import UNWANTED, AskedWords
from textwire.recommendations.messages import Item


@pytest.mark.parametrize(
    ("asked", "wanted", "unwanted"),
    [
        ("a novel for my sister, no vampires please", "a novel for my sister, please", "vampires"),
        ("quick dinner without meat", "quick dinner", "meat"),
        ("a gift for who hates cooking", "a gift for", "cooking"),
        ("crisps, I can't stand vinegar", "crisps, I", "vinegar"),
        ("Something sweet but nothing with chocolate", "Something sweet", "chocolate"),
        ("a cake, I am allergic to nuts", "a cake, I am", "nuts"),
        ("a lamp that does not need batteries", "a lamp", "batteries"),
        ("a lamp, not blue", "a lamp", "blue"),
        ("something on plants, not a guide to mushrooms", "something on plants", "guide mushrooms"),
        ("a novel, not a book about war", "a novel", "war"),
        ("a film but nothing about sharks", "a film", "sharks"),
        ("gloves in size 8, not 10", "gloves in size 8", "10"),
        ("ear phones that are not in-ear", "ear phones", "in ear"),
        ("a scarf, any colour but green", "a scarf, any colour", "green"),
        ("a boat, not a coat to wear", "a boat, to wear", "coat"),
        ("running shoes but not Nike", "running shoes", "nike"),
        ("a book that is not for children", "a book", "children"),
        ("a sauce that's not spicy", "a sauce", "spicy"),
        ("boots not made of leather", "boots", "leather"),
        ("saw, but not a circular one", "saw", "circular"),
        ("tent but not for six people", "tent", "six"),
        ("backpack, no cabin size", "backpack", "cabin"),
        ("spread other than peanut butter", "spread", "peanut butter"),
        ("I'm not a fan of horror, a thriller maybe", "I'm, a thriller maybe", "horror"),
        ("a scarf, nothing in blue", "a scarf", "blue"),
    ],
)
def test_what_is_not_wanted_is_parted_from_what_is(asked: str, wanted: str, unwanted: str) -> None:
    assert parted(asked) == Parted(wanted, (unwanted,))


def test_several_things_may_be_excluded() -> None:
    assert parted("bread without nuts or milk").unwanted == ("nuts", "milk")


@pytest.mark.parametrize(
    "asked",
    [
        *("no-stick pan", "perfume No. 5", "cream to avoid sunburn", "no idea what to give him"),
        *("a novel of the sea", "not only for beginners", "", "Straße 7"),
        *("not sure, maybe a cookbook", "why not a thriller", "a thriller, why not?", "or not"),
        *("can't go wrong", "I do not know what to buy", "not too sweet", "not my style"),
        *("my lamp is not working, need a bulb", "do not disturb sign", "not to be missed"),
    ],
)
def test_what_excludes_nothing_stays_as_it_is(asked: str) -> None:
    assert parted(asked) == Parted(asked, ())


@pytest.mark.parametrize(
    ("asked", "thing"), [("no vampires", "vampires"), ("instead of cling film", "cling film")]
)
def test_a_request_that_only_excludes_is_embedded_whole(asked: str, thing: str) -> None:
    assert parted(asked) == Parted(asked, (thing,))


def test_whatever_it_may_be_else_stays_open() -> None:
    assert parted("anything but horror") == Parted("anything", ("horror",))


@given(st.text(max_size=80))
def test_any_words_can_be_parted(asked: str) -> None:
    wanted, unwanted = parted(asked)
    assert len(wanted) <= len(asked)
    assert all(unwanted)
    AskedWords.of(asked)


def test_an_item_that_has_what_is_not_wanted_is_worth_less_than_any_other() -> None:
    asked = AskedWords.of("dinner without meat")
    stew = Item(id="stew", title="Beef stew", tags=("meat",), category="Dinner")
    pie = Item(id="pie", title="Fish pie", category="Dinner")
    free = Item(id="free", title="Meat-free chilli", category="Dinner")
    hidden = Item(id="hidden", title="Sunday pot", category="Dinner", description="With meat.")
    assert asked.parts_in([stew, pie, free, hidden]).tolist() == [UNWANTED, 1.0, 1.0, UNWANTED]
    assert not asked.name_the_thing_of("Dinner with meat")
