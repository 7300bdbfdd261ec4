"""Popularity: counts that add up however the events are divided."""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.recommendations.shop import NOON, event
from textwire.recommendations.counts.popularity import (
    MOST_COUNTED,
    MOST_OF_ONE_USER,
    UNITS,
    Popularity,
    counted,
    read_popularity,
)
from textwire.recommendations.keys import liked_key, likers_key, shown_key
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.results import Profile
from textwire.results.memory import MemoryResults

EVENTS = st.lists(
    st.builds(
        event,
        kind=st.sampled_from(["impression", "click", "purchase", "comment", "search", "rating"]),
        item_id=st.sampled_from(["bread", "tent", "pan", None]),
        hours=st.floats(-30 * 24, 12),
        user_id=st.sampled_from(["u1", "u2", "u3"]),
    ),
    max_size=20,
)


def by_two(*events: BehaviourEvent) -> list[BehaviourEvent]:
    """The same done by two users: what one alone likes is not what users like."""
    return [replace(one, user_id=user) for one in events for user in ("u1", "u2")]


def read_after(events: Iterable[BehaviourEvent], store: MemoryResults | None = None) -> Popularity:
    store = store or MemoryResults()
    profiles: dict[str, Profile] = {}
    for happened in events:
        before = profiles.get(happened.user_id) or Profile(user_id=happened.user_id, at=NOON)
        profiles[happened.user_id], writes = counted(before, happened, NOON)
        store.write(writes)
    return read_popularity(store, NOON)


@given(EVENTS, st.randoms())
def test_the_order_of_events_does_not_matter(events, random) -> None:
    assert read_after(events) == read_after(random.sample(events, len(events)))


def test_what_is_older_counts_less_and_at_last_not_at_all() -> None:
    found = read_after(
        by_two(event(hours=0), event("click", "tent", -48), event("click", "pan", -24 * 20))
    )
    assert found.liked["bread"] == 2.0
    assert found.liked["tent"] == 1.0
    assert "pan" not in found.liked


def test_a_purchase_weighs_more_than_a_click_and_an_impression_is_only_a_showing() -> None:
    found = read_after(
        by_two(event("click", "bread"), event("purchase", "tent"), event("impression", "pan"))
    )
    assert found.ranked() == ["tent", "bread"]
    assert found.shown == {"pan": 2.0}


@given(st.integers(1, 300), st.sampled_from(["click", "purchase", "share"]))
def test_one_user_adds_a_bounded_amount_to_an_item_a_day(times, kind) -> None:
    store = MemoryResults()
    assert read_after([event(kind, "bread")] * times, store).liked == {}
    assert int(store.fields(liked_key(NOON))["bread"]) <= MOST_OF_ONE_USER * UNITS
    assert store.fields(likers_key(NOON)) == {"bread": b"1"}


def test_one_user_adds_to_a_bounded_number_of_items() -> None:
    store = MemoryResults()
    read_after([event("click", f"i{n}") for n in range(3 * MOST_COUNTED)], store)
    assert len(store.fields(liked_key(NOON))) == MOST_COUNTED


def test_one_early_click_is_no_fame() -> None:
    many = Popularity(liked={"a": 1.0, "b": 300.0, "c": 50.0})
    ratios = dict(zip("abcd", many.log_ratios(list("abcd")), strict=True))
    assert ratios["b"] > ratios["c"] > ratios["a"] > ratios["d"]
    few = Popularity(liked={"a": 1.0})
    assert abs(float(few.log_ratios(["a"])[0])) < 0.3


def test_appeal_is_shrunk_towards_all_items_rate() -> None:
    found = Popularity(liked={"a": 1.0, "b": 90.0}, shown={"a": 1.0, "b": 110.0, "c": 300.0})
    appeals = dict(zip("abcd", found.log_appeals(list("abcd")), strict=True))
    assert appeals["b"] > appeals["a"] > 0.0 > appeals["c"]
    assert appeals["d"] == 0.0


def test_where_nothing_is_counted_all_items_are_average() -> None:
    nothing = Popularity()
    assert np.array_equal(nothing.log_ratios(["a", "b"]), [0.0, 0.0])
    assert np.array_equal(nothing.log_appeals(["a", "b"]), [0.0, 0.0])
    assert nothing.log_ratios([]).shape == (0,)


def test_an_event_of_a_day_that_nobody_reads_is_not_counted() -> None:
    def is_counted(days_ago: int) -> bool:
        nobody = Profile(user_id="u1", at=NOON)
        return bool(counted(nobody, event("click", "bread", -24 * days_ago), NOON)[1])

    assert [is_counted(days) for days in (0, 13, 14, 400)] == [True, True, False, False]


def test_a_days_table_lives_as_long_as_it_is_read_and_no_longer() -> None:
    now_s = 0.0
    store = MemoryResults(lambda: now_s)
    read_after(by_two(event("click"), event("impression")), store)
    days = 0
    while (seen := read_popularity(store, NOON + timedelta(days=days))).liked:
        assert seen.shown
        days += 1
        now_s += 24 * 60 * 60
    assert days == 14
    now_s += 2 * 24 * 60 * 60
    assert store.fields(liked_key(NOON)) == store.fields(shown_key(NOON)) == {}
