from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.recommendations.messages import BehaviourEvent
from textwire.rows.columns import Columns
from textwire.rows.several import Several, read_as, several_in

EVENTS = Columns(BehaviourEvent)
BASKETS = Several("items", {"items": "item_id", "days": "at"})


def test_each_thing_of_a_row_becomes_a_row_with_all_that_stands_beside() -> None:
    row = {"user_id": "u", "items": ["a", "b"], "days": ["mon", "tue"]}
    assert list(BASKETS.parted(row)) == [
        {"user_id": "u", "item_id": "a", "at": "mon"},
        {"user_id": "u", "item_id": "b", "at": "tue"},
    ]


@pytest.mark.parametrize(
    "cell", [["a", "b"], "['a', 'b']", '["a", "b"]', "a b", "a, b", "a|b", "[a;b]", "(a b)"]
)
def test_several_are_found_in_whatever_way_a_cell_holds_them(cell: object) -> None:
    assert [row["item_id"] for row in BASKETS.parted({"items": cell})] == ["a", "b"]


@pytest.mark.parametrize("cell", [7, "7"])
def test_one_is_several_of_one(cell: object) -> None:
    assert [row["item_id"] for row in BASKETS.parted({"items": cell})] == [cell]


def test_an_id_of_the_row_tells_its_things_apart() -> None:
    assert [row["id"] for row in BASKETS.parted({"id": "7", "items": "a b"})] == ["7/1", "7/2"]
    assert [row["id"] for row in BASKETS.parted({"id": "7", "items": "a"})] == ["7"]


def test_columns_that_hold_more_or_fewer_are_refused_with_both_counts() -> None:
    with pytest.raises(RecordRejected, match="`items` holds 2 and `days` 1"):
        list(BASKETS.parted({"items": "a b", "days": "mon"}))


def test_what_holds_several_is_known_by_its_name() -> None:
    several = several_in(EVENTS, ["user_id", "item_ids", "kind"])
    assert several is not None
    assert (several.leading, several.fields["item_ids"]) == ("item_ids", "item_id")
    assert read_as(EVENTS, ["user_id", "item_ids"]) == ["user_id", "item_id"]
    assert "one for each that `item_ids` holds" in several.told


def test_a_column_that_is_seen_to_hold_several_needs_no_name() -> None:
    several = several_in(EVENTS, ["user_id", "basket"], lists=["basket"])
    assert several is not None
    assert several.fields == {"basket": "item_id"}


def test_a_row_that_names_one_item_is_one_by_itself() -> None:
    assert several_in(EVENTS, ["user_id", "item_id", "item_ids"]) is None
    assert several_in(EVENTS, ["user_id", "kind"]) is None
    assert read_as(EVENTS, ["user_id", "kind"]) == ["user_id", "kind"]


@given(st.lists(st.text("abcxyz0123456789", min_size=1), min_size=1, max_size=9))
def test_nothing_is_lost_or_doubled_or_moved(ids: list[str]) -> None:
    rows = list(BASKETS.parted({"user_id": "u", "items": " ".join(ids)}))
    assert [row["item_id"] for row in rows] == ids
    assert {row["user_id"] for row in rows} == {"u"}
