"""Guests: told apart by what their rows name, and counted."""

from __future__ import annotations

from collections import Counter

import pytest

from textwire.recommendations.messages import BehaviourEvent
from textwire.wire.guests import counted_guests, guest_column, guest_id, told_guests


@pytest.mark.parametrize("user_id", ["17", "guest", "guest:1", "anna@example.com"])
def test_a_user_is_no_guest(user_id: str) -> None:
    assert guest_column(user_id) is None


def test_guests_are_counted_by_what_they_go_by() -> None:
    ids = [guest_id("Order ID", "17"), guest_id("Order ID", "18"), "u1", guest_id("Session", "17")]
    events = [BehaviourEvent(user_id=user_id, kind="view") for user_id in ids]
    by_column: Counter[str] = Counter()
    assert list(counted_guests(events, by_column)) == events
    assert by_column == {"order_id": 2, "session": 1}
    assert told_guests(by_column) == (
        "3 rows without user_id are guests: 2 by order_id, 1 by session."
    )


def test_one_column_is_told_shortly() -> None:
    assert told_guests(Counter(order_id=190)) == "190 rows without user_id are guests, by order_id."
    assert told_guests(Counter(order_id=1)) == "1 row without user_id is a guest, by order_id."
