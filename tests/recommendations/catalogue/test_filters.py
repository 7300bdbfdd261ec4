from __future__ import annotations

import pytest

from textwire.errors import SettingsError
from textwire.recommendations.catalogue.filters import matches, parse_filter
from textwire.recommendations.messages import Item, Range

POT = Item(
    id="pot",
    title="Pot",
    category="Kitchen",
    tags=("steel", "induction"),
    price=39.9,
    stock=3,
    more={"brand": "Acme", "rating": 4.5, "new": True, "colours": ("red", "blue"), "line": "7"},
)


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"category": "kitchen"},
        {"category": ("Garden", "Kitchen")},
        {"tags": "steel"},
        {"tags": ("cast iron", "induction")},
        {"price": Range(max=39.9)},
        {"price": Range(min=39.9, max=40.0)},
        {"stock": Range(min=1)},
        {"brand": "ACME", "rating": 4.5},
        {"new": True},
        {"colours": "blue"},
        {"line": 7.0},
        {"available": True},
    ],
)
def test_an_item_that_has_what_is_asked_for_is_found(filters) -> None:
    assert matches(POT, filters)


@pytest.mark.parametrize(
    "filters",
    [
        {"category": "Garden"},
        {"tags": "cast iron"},
        {"price": Range(max=10.0)},
        {"price": Range(min=40.0)},
        {"brand": "Acme", "rating": 5.0},
        {"new": False},
        {"new": 1.0},
        {"brand": Range(min=0.0)},
        {"unheard_of": "x"},
        {"published_at": Range(min=0.0)},
        {"more": "Acme"},
    ],
)
def test_an_item_that_lacks_it_is_not(filters) -> None:
    assert not matches(POT, filters)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("category=Kitchen", ("category", "Kitchen")),
        ("tags=steel, new", ("tags", ("steel", "new"))),
        ("price=10..50", ("price", Range(min=10, max=50))),
        ("price=..50", ("price", Range(max=50))),
        ("rating=4.5", ("rating", 4.5)),
        ("new=true", ("new", True)),
        ("code=0012", ("code", "0012")),
    ],
)
def test_a_filter_can_be_typed(written, read) -> None:
    assert parse_filter(written) == read


@pytest.mark.parametrize("written", ["Kitchen", "=x", "price=", "price=a..b"])
def test_what_is_no_filter_is_refused(written) -> None:
    with pytest.raises(SettingsError):
        parse_filter(written)
