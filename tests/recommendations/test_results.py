from __future__ import annotations

from datetime import UTC, datetime, timedelta

from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.results import (
    KEPT_ACTIVE,
    due_writes,
    event_writes,
    forget_writes,
    in_flight_writes,
    inactive_writes,
    pushed_writes,
    read_active_users,
    read_dirty_since,
    read_due,
)
from textwire.results.memory import MemoryResults

AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def seen(store: MemoryResults, user: str, at: datetime) -> None:
    store.write(event_writes(BehaviourEvent(user_id=user, kind="click", item_id="i", at=at)))


def test_active_users_are_those_seen_last_each_once() -> None:
    store = MemoryResults()
    for minute, user in enumerate("abca"):
        seen(store, user, AT + minute * MINUTE)
    assert read_active_users(store) == ["a", "c", "b"]
    assert read_active_users(store, count=1) == ["a"]


def test_those_who_are_no_longer_active_are_let_go_of() -> None:
    store = MemoryResults()
    for minute in range(KEPT_ACTIVE + 5):
        seen(store, f"u{minute}", AT + minute * MINUTE)
    before = read_active_users(store)
    store.write(inactive_writes(store))
    assert read_active_users(store) == before
    assert len(store.fields("recs:active")) == KEPT_ACTIVE


def test_users_are_due_from_their_time_on_the_longest_first() -> None:
    store = MemoryResults()
    store.write(due_writes("late", AT, AT + MINUTE, kept_for=MINUTE))
    store.write(due_writes("early", AT, AT, kept_for=MINUTE))
    assert read_due(store, AT, MINUTE) == ["early"]
    assert read_due(store, AT + MINUTE, MINUTE) == ["early", "late"]
    assert read_dirty_since(store, ["late", "other"]) == {"late": AT}


def test_who_is_being_seen_to_is_due_again_only_when_that_does_not_end() -> None:
    store = MemoryResults()
    store.write(due_writes("u", AT, AT, kept_for=MINUTE))
    store.write(in_flight_writes("u", AT))
    assert read_due(store, AT, MINUTE) == []
    assert read_due(store, AT + MINUTE, MINUTE) == ["u"]
    store.write(pushed_writes("u"))
    assert read_due(store, AT + MINUTE, MINUTE) == []


def test_whoever_is_forgotten_stands_nowhere() -> None:
    store = MemoryResults()
    seen(store, "u", AT)
    store.write(due_writes("u", AT, AT, kept_for=MINUTE))
    store.write(in_flight_writes("u", AT))
    store.write(forget_writes("u"))
    assert read_active_users(store) == read_due(store, AT + MINUTE, MINUTE) == []
    assert read_dirty_since(store, ["u"]) == {}
