"""Cells of other programs, as values that fields can take."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.rows.row import as_message
from textwire.rows.tidying import as_number, tidied


def as_item(**fields: Any) -> Item:
    return as_message(tidied({"id": "1", "title": "Pan", **fields}, Item), Item, strict=False)


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("19.99", 19.99),
        ("$1,299.00", 1299.0),
        ("EUR 12,50", 12.5),
        ("1.299,50 €", 1299.5),
        ("2,500", 2500.0),
        ("1e3", 1000.0),
        (7, 7.0),
        ("NaN", None),
        (float("nan"), None),
        ("N/A", None),
        ("", None),
    ],
)
def test_a_price_is_read_as_people_and_programs_write_it(cell: Any, price: float | None) -> None:
    assert as_item(price=cell).price == price


@given(st.floats(min_value=0, max_value=1e9))
def test_a_number_as_python_writes_it_stays_the_same(number: float) -> None:
    assert float(as_number(str(number))) == number


def test_ids_may_be_numbers_and_times_seconds() -> None:
    row = {"user_id": 7, "item_id": 12.0, "kind": "view", "at": 1145232000, "value": "4"}
    event = as_message(tidied(row, BehaviourEvent), BehaviourEvent, strict=False)
    assert (event.user_id, event.item_id, event.value) == ("7", "12", 4.0)
    assert event.at == datetime(2006, 4, 17, tzinfo=UTC)


def test_a_text_that_looks_like_nothing_is_a_text() -> None:
    assert as_item(description="NaN").description == "NaN"


def test_what_a_field_does_not_know_is_told_with_what_it_knows() -> None:
    with pytest.raises(
        RecordRejected, match=r"`kind`: 'bought' is none of add_to_cart, click, .*view"
    ):
        as_message({"user_id": "u", "kind": "bought"}, BehaviourEvent)
