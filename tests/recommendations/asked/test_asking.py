"""All that a request says, read together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.asked.asking import NOTHING_ASKED, read_asking
from textwire.recommendations.asked.price_wish import PriceWish


def test_prices_exclusions_and_wishes_are_read_from_one_request() -> None:
    asking = read_asking("a mouse and a charger, each under 40 euros, but nothing from Acme")
    assert asking.price == PriceWish(most=40.0)
    assert asking.unwanted == ("acme",)
    assert [part.words for part in asking.parts] == ["a mouse", "a charger"]
    assert asking.texts == (asking.wanted, "a mouse", "a charger")


def test_a_price_is_no_thing_that_is_excluded() -> None:
    asking = read_asking("boots, I don't want to spend more than 50 euros")
    assert asking.price.most == 50.0
    assert asking.unwanted == ()


def test_what_names_nothing_beside_a_price_is_not_embedded() -> None:
    assert read_asking("something under 20 euros").texts == ()
    assert read_asking("something").texts == ("something",)
    assert read_asking("  ") == read_asking(None) == NOTHING_ASKED


@given(st.text(max_size=80))
def test_any_words_can_be_read(asked: str) -> None:
    asking = read_asking(asked)
    assert all(text.strip() for text in asking.texts)
