"""Columns answer every filter as `matches` does, whatever was put in and taken out."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recommendations.shop import NOON
from textwire.recommendations.catalogue.column_store import ItemColumns
from textwire.recommendations.catalogue.filters import matches
from textwire.recommendations.catalogue.item_index import is_out
from textwire.recommendations.messages import Item, Range

WORDS = st.sampled_from(["Acme", "ACME", "steel", "7", "4.5", "straße", "STRASSE"])
SMALL = st.integers(-3, 3) | st.sampled_from([4.5, 7.0, 0.0])
HELD = st.none() | st.booleans() | SMALL | WORDS | st.lists(WORDS | SMALL, max_size=3).map(tuple)
ITEMS = st.builds(
    Item,
    id=st.sampled_from([f"i{n}" for n in range(8)]),
    title=WORDS,
    category=st.none() | WORDS,
    tags=st.lists(WORDS, max_size=3).map(tuple),
    price=st.none() | st.sampled_from([0.0, 4.5, 10.0]),
    stock=st.none() | st.integers(0, 2),
    available=st.booleans(),
    published_at=st.none() | st.integers(-3, 3).map(lambda days: NOON + timedelta(days=days)),
    more=st.dictionaries(st.sampled_from(["brand", "size"]), HELD, max_size=2),
)
NAMES = st.sampled_from(
    ["id", "title", "category", "tags", "price", "stock", "available", "brand", "size",
     "published_at", "unheard_of"]
)  # fmt: skip
BOUNDS = st.none() | SMALL
ONE = st.booleans() | SMALL | WORDS
WANTED = ONE | st.lists(ONE, max_size=3).map(tuple) | st.builds(Range, min=BOUNDS, max=BOUNDS)
FILTERS = st.dictionaries(NAMES, WANTED, max_size=3)
# Batches of items put in, and how many of those that there are then go.
CHANGES = st.lists(st.tuples(st.lists(ITEMS, max_size=6), st.integers(0, 4)), max_size=8)


def after(changes) -> tuple[ItemColumns, dict[int, Item]]:
    columns, there, following = ItemColumns(), {}, 0
    for put, leaving in changes:
        gone = list(there)[:leaving]
        new = dict(enumerate(put, start=following))
        following += len(put)
        columns = columns.changed(new, gone)
        columns.matching({"brand": "Acme"})  # a column that has to go along
        there = {number: item for number, item in there.items() if number not in gone} | new
    return columns, there


@settings(max_examples=300)
@given(CHANGES, FILTERS)
def test_what_matches_is_found_and_nothing_else(changes, filters) -> None:
    columns, there = after(changes)
    expected = [number for number, item in there.items() if matches(item, filters)]
    assert columns.matching(filters).tolist() == expected


@given(CHANGES, FILTERS, st.lists(FILTERS.filter(bool), max_size=2))
def test_what_is_offered_is_on_sale_and_out_and_not_blocked(changes, filters, blocked) -> None:
    columns, there = after(changes)
    expected = [
        number
        for number, item in there.items()
        if item.on_sale
        and is_out(item, NOON)
        and matches(item, filters)
        and not any(matches(item, one) for one in blocked)
    ]
    assert columns.offered(filters, NOON, blocked).tolist() == expected


def test_a_change_leaves_what_there_was_as_it_was() -> None:
    items = {n: Item(id=f"i{n}", title="Pot", category="Kitchen") for n in range(5)}
    before = ItemColumns().changed(items, [])
    after_it = before.changed({5: Item(id="i5", title="Pan", category="kitchen")}, [0, 1])
    assert before.matching({"category": "kitchen"}).tolist() == [0, 1, 2, 3, 4]
    assert after_it.matching({"category": "kitchen"}).tolist() == [2, 3, 4, 5]


def test_items_that_come_one_by_one_stand_in_few_segments() -> None:
    columns = ItemColumns()
    for number in range(1_000):
        columns = columns.changed({number: Item(id=f"i{number}", title="Pot")}, [])
    assert len(columns.segments) <= 10
