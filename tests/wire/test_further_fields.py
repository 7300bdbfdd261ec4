from __future__ import annotations

import msgspec

from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.wire.further_fields import fitting, with_further_fields


def read(value: bytes, kind=Item):
    return with_further_fields(msgspec.json.decode(value, type=kind), value)


def test_what_a_sender_adds_is_kept_under_its_name() -> None:
    item = read(b'{"id": "a", "title": "Pan", "brand": "Acme", "rating": 4, "sizes": ["S"]}')
    assert item.more == {"brand": "Acme", "rating": 4.0, "sizes": ("S",)}
    assert read(msgspec.json.encode(item)) == item


def test_what_it_cannot_hold_is_left_out_and_named() -> None:
    value = {"image": {"url": "x"}, "brand": "Acme", "none": None, "long": "x" * 3_000}
    assert fitting(Item, value) == ({"brand": "Acme"}, ["image", "long"])


def test_there_is_room_for_so_many() -> None:
    kept, unfit = fitting(Item, {f"f{n}": n for n in range(60)})
    assert (len(kept), len(unfit)) == (50, 10)


def test_a_message_without_room_ignores_them() -> None:
    event = read(b'{"user_id": "u", "kind": "search", "text": "x", "device": "tv"}', BehaviourEvent)
    assert event == BehaviourEvent(user_id="u", kind="search", text="x")
