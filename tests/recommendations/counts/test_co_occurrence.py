"""Bought together: counted once for each user and pair, the newer the more, cut when rows grow."""

import msgspec
import pytest

from tests.recommendations.shop import event
from textwire.recommendations.counts.co_occurrence import (
    KEPT_NEIGHBOURS,
    LEAST_PURCHASES,
    MOST_NEIGHBOURS,
    Taken,
    co_occurrence_writes,
    read_neighbours,
    read_taken,
    trim_writes,
    with_counted,
)
from textwire.recommendations.counts.forward_decay import HALF_LIFE_DAYS, decayed_units
from textwire.recommendations.keys import together_key
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.results import Profile
from textwire.results.memory import MemoryResults
from textwire.results.writes import Count


def followed(store: MemoryResults, *events: BehaviourEvent) -> Profile | None:
    profile = None
    for one in events:
        store.write(co_occurrence_writes(profile, one))
        profile = updated(profile, one, None, None, 7.0)
    return profile


def test_what_a_user_takes_is_together_with_what_they_took_before() -> None:
    store = MemoryResults()
    profile = followed(store, event(item_id="a"), event(item_id="b"), event("purchase", "c"))
    rows = read_neighbours(store, [profile])
    assert {item: set(row) for item, row in rows.items()} == {
        "a": {"b", "c"},
        "b": {"a", "c"},
        "c": {"a", "b"},
    }
    assert read_taken(store).known == ("a", "b", "c")


def test_what_is_repeated_counts_once() -> None:
    once, often = MemoryResults(), MemoryResults()
    followed(once, event(item_id="a"), event(item_id="b"))
    profile = followed(often, event(item_id="a"), event(item_id="b"), *[event(item_id="a")] * 9)
    assert read_neighbours(once, [profile]) == read_neighbours(often, [profile])
    assert read_taken(once) == read_taken(often)


def test_what_was_only_shown_or_searched_for_is_no_pair() -> None:
    store = MemoryResults()
    followed(store, event(item_id="a"), event("search", None, text="bread"))
    assert read_taken(store).known == ("a",)


def test_what_one_user_alone_took_is_taken_by_nobody() -> None:
    store = MemoryResults()
    rotated = [event("purchase", f"i{n % 25}") for n in range(100)]
    followed(store, *rotated)
    alone = read_taken(store)
    assert (alone.ranked, alone.total, len(alone.known)) == ((), 0, 25)
    followed(store, event("purchase", "i3", user_id="another"))
    assert read_taken(store).ranked == ("i3",)


def test_what_was_counted_before_takers_were_counts_as_it_did() -> None:
    assert Taken({"a": 5, "b": 7}).ranked == ("b", "a")


def test_an_event_a_half_life_later_counts_twice_whenever_it_is_read() -> None:
    day = 24 * 60 * 60.0
    early, late = decayed_units(1.6e9), decayed_units(1.6e9 + HALF_LIFE_DAYS * day)
    assert late / early == pytest.approx(2.0, rel=1e-4)


def test_a_row_that_has_grown_is_cut_to_its_heaviest() -> None:
    store = MemoryResults()
    store.write(Count(together_key("a"), f"i{n}", n + 1) for n in range(MOST_NEIGHBOURS + 1))
    store.write(trim_writes(store, ["a", "unknown"]))
    profile = Profile(user_id="u", at=event().at, trail={"a": 1.0})
    (row,) = read_neighbours(store, [profile]).values()
    assert len(row) == KEPT_NEIGHBOURS
    assert min(row.values()) > KEPT_NEIGHBOURS


def test_counts_of_the_same_batch_are_seen_before_they_are_stored() -> None:
    profile = updated(None, event(item_id="a"), None, None, 7.0)
    counted = co_occurrence_writes(profile, event(item_id="b"))
    assert set(with_counted({"a": {"c": 1}}, counted)["a"]) == {"b", "c"}


def test_users_buy_the_same_again_only_where_enough_of_them_did() -> None:
    assert Taken(purchases=LEAST_PURCHASES - 1, repeated=50).repeat_rate == 0.0
    assert Taken(purchases=1_000, repeated=1).repeat_rate == 0.0
    assert Taken(purchases=1_000, repeated=50).repeat_rate == 0.05
    store = MemoryResults()
    followed(store, event("purchase", "a"), event("purchase", "b"), event("purchase", "a"))
    taken = read_taken(store)
    assert (taken.purchases, taken.repeated) == (2, 1)


def test_a_profile_stored_before_there_were_trails_has_an_empty_one() -> None:
    old = msgspec.json.encode({"user_id": "u", "at": "2026-01-01T00:00:00Z"})
    assert msgspec.json.decode(old, type=Profile).trail == {}
