"""Logs as shops export them: what came back, whose an order's lines are, and what says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from textwire.cli._replaying import FileOfRows, Seen, look_through
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.topics import RECS_EVENTS
from textwire.rows.bad_rows import BadRows
from textwire.rows.columns import Columns
from textwire.rows.row import unheard


def replayed(
    folder: Path, text: str, *mapping: str, name: str = "log.csv"
) -> tuple[list[BehaviourEvent], Seen]:
    """The events that `recs replay` would send, and what it found."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    rows = FileOfRows(path, RECS_EVENTS, Columns.parse(BehaviourEvent, mapping))
    events = [e for e in rows.messages(BadRows(), unheard) if isinstance(e, BehaviourEvent)]
    return events, look_through(rows)


def kinds(events: list[BehaviourEvent]) -> list[tuple[str, str | None]]:
    return [(event.kind, event.item_id) for event in events]


@pytest.mark.parametrize(
    ("heading", "cell", "kind"),
    [
        ("Quantity", "3", "purchase"),
        ("qty_ordered", "2.0000", "purchase"),
        ("Menge", "0,5", "purchase"),
        ("Quantity", "-1", "return"),
        ("Lineitem quantity", "some", "purchase"),
        ("Financial Status", "refunded", "return"),
        ("status", "Returned", "return"),
        ("status", "complete", "purchase"),
        ("Payment status", "paid", "purchase"),
    ],
)
def test_what_came_back_is_a_return(tmp_path: Path, heading: str, cell: str, kind: str) -> None:
    text = f'customer_id;sku;{heading}\nc1;S7;"{cell}"\n'
    events, seen = replayed(tmp_path, text, "kind=:purchase")
    assert kinds(events) == [(kind, "S7")]
    assert any(heading in remark and "says" in remark for remark in seen.remarks)


@pytest.mark.parametrize(
    ("heading", "cell"), [("Quantity", "0"), ("Order status", "Cancelled"), ("status", "voided")]
)
def test_what_was_never_bought_is_named_and_not_sent(
    tmp_path: Path, heading: str, cell: str
) -> None:
    text = f"customer_id,sku,{heading}\nc1,S7,{cell}\nc1,S8,1\n"
    events, seen = replayed(tmp_path, text, "kind=:purchase")
    assert kinds(events) == [("purchase", "S8")]
    assert seen.bad.count == 1
    assert "line 2" in str(seen.bad)


def test_a_quantity_says_nothing_of_other_kinds(tmp_path: Path) -> None:
    text = "user_id,item_id,event,quantity\nu,A,remove_from_cart,-1\nu,A,view,0\n"
    events, seen = replayed(tmp_path, text)
    assert kinds(events) == [("remove_from_cart", "A"), ("view", "A")]
    assert seen.bad.count == 0


def test_further_lines_of_an_order_are_of_who_stands_beside_its_first(tmp_path: Path) -> None:
    text = (
        "Name,Email,Created at,Lineitem name,Lineitem sku\n"
        "#31,p@q.r,2025-02-03 08:00:00 +0100,Bowl,B1\n#31,,,Spoon,S1\n#32,,,Fork,F1\n"
    )
    events, seen = replayed(tmp_path, text, "kind=:purchase")
    assert [(e.user_id, e.item_id) for e in events] == [("p@q.r", "B1"), ("p@q.r", "S1")]
    assert events[0].at == events[1].at
    assert "line 4" in str(seen.bad)


def test_an_order_without_a_user_is_one_guest_and_no_other_orders_user(tmp_path: Path) -> None:
    text = "order_id,email,sku\n1,p@q.r,A\n1,,B\n2,,A\n2,,C\n"
    events, _ = replayed(tmp_path, text, "kind=:purchase")
    users = [event.user_id for event in events]
    assert users[:2] == ["p@q.r"] * 2
    assert users[2] == users[3] == "guest:order_id:2"


def test_an_item_called_as_the_one_above_is_no_order(tmp_path: Path) -> None:
    text = "user_id,item_id,name,event\nu,A,Bowl,view\n,A,Bowl,view\n"
    events, seen = replayed(tmp_path, text)
    assert [event.user_id for event in events] == ["u"]
    assert "line 3" in str(seen.bad)


def test_events_of_no_item_and_without_words_are_named_and_not_sent(tmp_path: Path) -> None:
    lines = (
        '{"user_id": "u", "event_name": "page_view", "items": []}',
        '{"user_id": "u", "event_name": "view_item", "items": [{"item_id": "A"}]}',
        '{"user_id": "u", "event_name": "view_promotion"}',
        '{"user_id": "u", "event_name": "search"}',
        '{"user_id": "u", "event_name": "first_open", "items": []}',
    )
    events, seen = replayed(tmp_path, "\n".join(lines), name="ga.jsonl")
    assert kinds(events) == [("view", "A")]
    assert seen.bad.count == 4
    told = str(seen.bad)
    assert all(f"line {number}" in told for number in (1, 3, 4, 5))
    assert "first_open" in told


def test_nobody_is_called_nan(tmp_path: Path) -> None:
    text = "user_id,item_id,event\nnan,A,view\n41.0,17.0,view\n41,017,view\nu,null,view\n"
    events, seen = replayed(tmp_path, text)
    assert [(e.user_id, e.item_id) for e in events] == [("41", "17"), ("41", "017")]
    assert seen.bad.count == 2
