"""What a request says of prices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.asked.price_limits import priced
from textwire.recommendations.asked.price_wish import NO_WISH, PriceWish
from textwire.recommendations.catalogue.filters import matches
from textwire.recommendations.messages import Item


@pytest.mark.parametrize(
    ("asked", "words", "wish"),
    [
        ("a lamp under 30", "a lamp", PriceWish(most=30.0)),
        ("no more than $50", "", PriceWish(most=50.0)),
        ("at most 15 bucks for gloves", "for gloves", PriceWish(most=15.0)),
        ("olive oil for less than a tenner", "olive oil", PriceWish(most=10.0)),
        ("I need a drill, my budget is 100 dollars", "I need a drill", PriceWish(most=100.0)),
        ("a suitcase that costs less than a hundred", "a suitcase", PriceWish(most=100.0)),
        ("don't want to spend more than 50 euros on boots", "on boots", PriceWish(most=50.0)),
        ("history book, max. 20 €", "history book", PriceWish(most=20.0)),
        ("laptop under 1.5k", "laptop", PriceWish(most=1_500.0)),
        ("a bike, 1.299,00 € or less", "a bike", PriceWish(most=1_299.0)),
        ("something over 200 € for camping", "something for camping", PriceWish(least=200.0)),
        ("nothing over $50", "", PriceWish(most=50.0)),
        ("wine, no less than 10 euros", "wine", PriceWish(least=10.0)),
        ("between 20 and 40", "", PriceWish(20.0, 40.0)),
        ("headphones £30-£50", "headphones", PriceWish(30.0, 50.0)),
        ("from 20 to 40 euros", "", PriceWish(20.0, 40.0)),
        ("games 10-20 €", "games", PriceWish(10.0, 20.0)),
        ("a chair, 50 max", "a chair", PriceWish(most=50.0)),
        ("a cookbook around 30", "a cookbook", PriceWish(near=30.0)),
        ("a gift for 20 euros", "a gift", PriceWish(near=20.0)),
        ("keyboard, not too expensive", "keyboard", PriceWish(cheap=True)),
        ("cheap mugs", "cheap mugs", PriceWish(cheap=True)),
        ("a tent, but cheaper than the last one", "a tent", PriceWish(cheap=True)),
        ("a pram, less expensive than that", "a pram", PriceWish(cheap=True)),
        ("a cheaper kettle", "a kettle", PriceWish(cheap=True)),
        ("a kettle cheaper than 30", "a kettle", PriceWish(most=30.0)),
        ("nothing cheaper than 30 euros", "", PriceWish(least=30.0)),
    ],
)
def test_what_is_said_of_prices_is_parted_from_what_is_wanted(
    asked: str, words: str, wish: PriceWish
) -> None:
    assert priced(asked) == (words, wish)


@pytest.mark.parametrize(
    ("asked", "words", "wish"),
    [
        ("Lampe bis 30 €", "Lampe", PriceWish(most=30.0)),
        ("Zelt, nicht teurer als 200 €", "Zelt", PriceWish(most=200.0)),
        ("Rucksack zwischen 20 und 40 Euro", "Rucksack", PriceWish(20.0, 40.0)),
        ("100元以下的耳机", "耳机", PriceWish(most=100.0)),
        ("不超过50元", "", PriceWish(most=50.0)),
        ("20到40元之间的书", "书", PriceWish(20.0, 40.0)),
        ("500元左右", "", PriceWish(near=500.0)),
    ],
)
def test_german_and_chinese_wordings_are_read(asked: str, words: str, wish: PriceWish) -> None:
    assert priced(asked) == (words, wish)


@pytest.mark.parametrize(
    "asked",
    [
        *("dinner in under 30 minutes", "suitcase under 2 kg", "running shoes, size 40"),
        *("over 18s", "between friends", "wine from 1990", "books for kids under 10"),
        *("sneakers air max 90", "history between 1914 and 1918", "around 1900", "1984"),
        *("a puzzle with around 100 pieces", "cream for women over 50", "at least 50% cotton"),
        *("a ladder for up to 150 kg", "jacket under 3 pounds", "from 9 to 5", "4 to 6 players"),
        *("toy for ages between 3 and 6", "around the world in 80 days", "20 € off", "ages 3-6"),
        *("sleeping bag below 0 °C", "between 20 and 40 litres", "for two", "about a boy"),
        *("a 10-inch tablet", "catch-22", "9-11", "a tray 50 max", "iphone 15 pro max 256"),
    ],
)
def test_times_weights_sizes_ages_and_years_are_no_prices(asked: str) -> None:
    assert priced(asked) == (asked, NO_WISH)


@given(st.text(alphabet="abou tunderl 0123456789.,'k€$-元以下", max_size=40))
def test_any_words_can_be_read(asked: str) -> None:
    words, wish = priced(asked)
    assert len(words) <= len(asked)
    assert wish.least is None or wish.most is None or wish.least <= wish.most


PRICES = st.none() | st.floats(0.0, 1e6)


@given(PRICES, PRICES, PRICES)
def test_filters_leave_out_what_the_limits_do_and_nothing_without_a_price(
    least: float | None, most: float | None, price: float | None
) -> None:
    wish = PriceWish(least, most)
    item = Item(id="a", title="A", price=price)
    assert any(matches(item, one) for one in wish.against) == wish.leaves_out(price)
    assert not wish.leaves_out(None)


@given(st.floats(0.01, 1e6))
def test_limits_are_meant_with_what_they_name(price: float) -> None:
    assert not PriceWish(price, price).leaves_out(price)
