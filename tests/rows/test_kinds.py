from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.rows.kinds import (
    choices_of,
    id_fields,
    list_fields,
    moment_fields,
    named_choices,
    number_fields,
    plain,
    truth_fields,
)


def test_fields_are_known_by_what_they_hold() -> None:
    assert moment_fields(Item) == {"published_at"}
    assert list_fields(Item) == {"tags"}
    assert {"price", "stock"} <= number_fields(Item)
    assert truth_fields(Item) == {"available"}
    assert id_fields(Item) == {"id"}
    assert {"user_id", "item_id", "same_as"} <= id_fields(BehaviourEvent)


def test_no_field_is_a_time_and_a_number_at_once() -> None:
    for kind in (Item, BehaviourEvent):
        assert not moment_fields(kind) & number_fields(kind)


def test_choices_are_told_with_the_names_that_people_have_for_them() -> None:
    assert {"click", "purchase"} <= set(choices_of(BehaviourEvent)["kind"])
    named = named_choices(BehaviourEvent)["kind"]
    assert named["addtocart"] == "add_to_cart"
    assert set(named.values()) <= set(choices_of(BehaviourEvent)["kind"])


@pytest.mark.parametrize("name", ["Valid_from:", "valid from", "VALID-FROM", "Ｖalid from"])
def test_a_name_is_known_however_it_is_written(name: str) -> None:
    assert plain(name) == "validfrom"


@given(st.text())
def test_what_is_plain_stays_so(name: str) -> None:
    assert plain(plain(name)) == plain(name)
