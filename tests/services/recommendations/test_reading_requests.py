"""Twenty requests of people at six small shops: what each says of prices, exclusions and wishes.

They were written, with what a person expects, before the reader of requests was.
"""

from __future__ import annotations

import pytest

from services.recommendations.catalogue import Model
from tests.encoders import HashingEncoder
from tests.services.recommendations.shops import Shop, WeighingScorer, did, ids, why_dropped
from textwire.models.artifacts.artifact import Artifact
from textwire.recommendations.messages import Item, ScoredList
from textwire.recommendations.profiles.half_lives import HalfLives

FASHION = (
    Item(id="linen", title="Linen summer dress, blue", category="Dresses", price=59.0),
    Item(id="silk", title="Silk evening dress, black", category="Dresses", price=240.0),
    Item(id="cotton", title="Cotton shirt dress, white", category="Dresses", price=35.0),
    Item(id="nike", title="Nike running shoes", category="Shoes", price=130.0),
    Item(id="asics", title="Asics running shoes", category="Shoes", price=110.0),
    Item(id="belt", title="Leather belt, brown", category="Accessories", price=25.0),
    Item(id="scarf", title="Wool scarf, grey", category="Accessories", price=29.0),
    Item(id="gloves", title="Wool gloves", category="Accessories"),
)
BOOKS = (
    Item(id="road", title="The Long Winter Road", category="Thrillers", price=14.0),
    Item(id="house", title="Night at Harrow House", category="Horror", price=11.0),
    Item(id="two", title="Cooking for Two", category="Cookbooks", price=28.0),
    Item(id="stars", title="Stars for Children", category="Children", price=9.0),
    Item(id="weimar", title="The Weimar Years, 1919-1933", category="History", price=45.0),
    Item(id="rome", title="A Short History of Rome", category="History", price=18.0),
)
TOOLS = (
    Item(id="drill", title="Cordless drill 18 V", category="Power tools", price=129.0),
    Item(id="corded", title="Hammer drill, corded", category="Power tools", price=89.0),
    Item(id="hammer", title="Claw hammer", category="Hand tools", price=18.0),
    Item(id="tape", title="Tape measure 5 m", category="Measuring", price=9.0),
    Item(id="circular", title="Circular saw 1200 W", category="Power tools", price=99.0),
    Item(id="handsaw", title="Hand saw", category="Hand tools", price=15.0),
    Item(id="ladder", title="Step ladder, carries 150 kg", category="Ladders", price=55.0),
    Item(id="glasses", title="Safety glasses", category="Safety", price=7.0),
)
TRAVEL = (
    Item(id="cabin", title="Cabin suitcase 38 l", category="Luggage", price=79.0),
    Item(id="hard", title="Hard-shell suitcase 90 l", category="Luggage", price=149.0),
    Item(id="day", title="Day backpack 20 l", category="Luggage", price=39.0),
    Item(id="trip", title="Travel backpack 40 l", category="Luggage", price=99.0),
    Item(id="tent", title="Two-person tent", category="Camping", price=189.0),
    Item(id="bag", title="Down sleeping bag", category="Camping", price=219.0),
    Item(id="stove", title="Camping stove, gas", category="Camping", price=45.0),
)
GROCERIES = (
    Item(id="pasta", title="Wholegrain pasta 500 g", category="Pasta", price=1.9),
    Item(id="tomato", title="Tomato sauce", category="Sauces", price=2.5),
    Item(id="salsa", title="Spicy salsa sauce", category="Sauces", price=3.0),
    Item(id="olive", title="Olive oil 1 l", category="Oils", price=12.9),
    Item(id="sunflower", title="Sunflower oil 1 l", category="Oils", price=2.9),
)
ELECTRONICS = (
    Item(id="old", title="Laptop 15 inch", category="Laptops", price=549.0),
    Item(id="new", title="Laptop 14 inch", category="Laptops", price=999.0),
    Item(id="over", title="Over-ear headphones", category="Audio", price=249.0),
    Item(id="wired", title="Wired headphones", category="Audio", price=39.0),
    Item(id="charger", title="USB-C charger 65 W", category="Chargers", price=35.0),
    Item(id="mouse", title="Wireless mouse", category="Mice", price=25.0),
)
PRICES = {
    item.id: item.price for shop in (FASHION, TRAVEL, TOOLS, ELECTRONICS, BOOKS) for item in shop
}


def by_words(artifact: Artifact) -> Model:
    """A model to which different words are different."""
    encoder = HashingEncoder(dimension=4096)
    return Model(encoder, WeighingScorer(), artifact.manifest.version, half_lives=HalfLives())


def asked(items: tuple[Item, ...], words: str, **wishes: object) -> ScoredList:
    return Shop(items, load=by_words).list_for(context=words, **wishes)


@pytest.mark.parametrize(
    ("items", "words", "least", "most", "first"),
    [
        (FASHION, "dresses under 60 euros", 0.0, 60.0, {"linen", "cotton"}),
        (BOOKS, "history book, max. 20 €", 0.0, 20.0, {"rome"}),
        (TOOLS, "I need a drill, my budget is 100 dollars", 0.0, 100.0, {"corded"}),
        (TOOLS, "drill for over 100 euros", 100.0, 1e9, {"drill"}),
        (TRAVEL, "backpack up to 50 EUR", 0.0, 50.0, {"day"}),
        (ELECTRONICS, "laptop below 600", 0.0, 600.0, {"old"}),
        (ELECTRONICS, "headphones £30-£50", 30.0, 50.0, {"wired"}),
    ],
)
def test_a_list_holds_what_the_price_allows(
    items: tuple[Item, ...], words: str, least: float, most: float, first: set[str]
) -> None:
    listed = ids(asked(items, words))
    assert listed[0] in first
    assert all(PRICES[one] is None or least <= PRICES[one] <= most for one in listed)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (GROCERIES, "dinner in under 10 minutes"),
        (TRAVEL, "suitcase under 3 kg"),
        (BOOKS, "history between 1919 and 1933"),
        (TOOLS, "a ladder for up to 150 kg"),
    ],
)
def test_what_is_no_price_leaves_nothing_out(items: tuple[Item, ...], words: str) -> None:
    scored = asked(items, words)
    assert set(ids(scored)) == {item.id for item in items}
    assert not scored.notes


@pytest.mark.parametrize(
    ("items", "words", "out", "first"),
    [
        (FASHION, "a dress, not black", {"silk"}, {"linen", "cotton"}),
        (FASHION, "running shoes but not Nike", {"nike"}, {"asics"}),
        (BOOKS, "anything but horror", {"house"}, {item.id for item in BOOKS}),
        (TOOLS, "saw, but not a circular one", {"circular"}, {"handsaw"}),
        (GROCERIES, "a sauce that's not spicy", {"salsa"}, {"tomato"}),
    ],
)
def test_a_list_holds_nothing_that_is_called_what_is_excluded(
    items: tuple[Item, ...], words: str, out: set[str], first: set[str]
) -> None:
    listed = ids(asked(items, words))
    assert not out & set(listed)
    assert listed[0] in first


@pytest.mark.parametrize(
    ("items", "words", "wishes"),
    [
        (TRAVEL, "a tent and a sleeping bag", [{"tent"}, {"bag"}]),
        (
            TOOLS,
            "I need safety glasses, a step ladder and a saw",
            [{"glasses"}, {"ladder"}, {"circular", "handsaw"}],
        ),
        (GROCERIES, "pasta and tomato sauce", [{"pasta"}, {"tomato"}]),
        (ELECTRONICS, "a mouse and a charger, each under 40 euros", [{"mouse"}, {"charger"}]),
    ],
)
def test_each_of_several_wishes_is_met_at_the_beginning(
    items: tuple[Item, ...], words: str, wishes: list[set[str]]
) -> None:
    first = set(ids(asked(items, words))[: len(wishes)])
    assert all(wish & first for wish in wishes)


def test_an_item_is_said_to_be_beyond_the_price_and_people_are_told_what_was_read() -> None:
    scored = asked(FASHION, "dresses under 60 euros, not blue", why_not=("silk", "linen"))
    assert {one.item_id: one.step for one in scored.why_not} == {
        "silk": "priced_out",
        "linen": "excluded",
    }
    assert scored.notes == (
        "Of prices the request says: at most 60. Items of other prices are left out.",
    )
    assert "gloves" in ids(scored)  # it has no price, and loses nothing by that


def test_candidates_beyond_the_price_are_dropped_by_name() -> None:
    scored = asked(TRAVEL, "a suitcase under 100 euros", candidates=("cabin", "hard"))
    assert why_dropped(scored) == {"hard": "priced_out"}


def test_what_is_said_of_prices_holds_where_the_words_are_not_read() -> None:
    scored = asked(TRAVEL, "tornillos hexagonales unter 50 Euro")
    assert scored.unread_context
    assert set(ids(scored)) == {"day", "stove"}


def test_a_list_of_several_wishes_begins_a_longer_one_and_names_each_item_once() -> None:
    shop = Shop(TRAVEL, load=by_words)
    shop.processed(did("view", "cabin"))
    words = "a tent and a sleeping bag"
    short, long = (ids(shop.list_for(context=words, k=k)) for k in (3, 7))
    assert long[:3] == short
    assert len(set(long)) == len(long) == len(TRAVEL)


def test_where_no_item_has_the_price_the_list_is_empty_and_says_why() -> None:
    scored = asked(TRAVEL, "a tent and a sleeping bag under 1 euro")
    assert not scored.scores
    assert "at most 1." in scored.notes[0]


def test_a_reason_speaks_of_the_wish_that_an_item_was_taken_for() -> None:
    scored = asked(TRAVEL, "a tent and a sleeping bag", k=2)
    assert {one.reason for one in scored.scores} == {"Fits what you asked for"}
