"""Popularity: counts that add up however the events are divided."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import NOON, event
from textwire.recommendations.popularity import Popularity, count_writes, read_popularity
from textwire.recommendations.results import liked_key, shown_key
from textwire.results.memory import MemoryResults

EVENTS = st.lists(
    st.builds(
        event,
        kind=st.sampled_from(["view", "click", "purchase", "comment", "search", "rating"]),
        item_id=st.sampled_from(["bread", "tent", "pan", None]),
        hours=st.floats(-30 * 24, 12),
    ),
    max_size=20,
)


def counted(events) -> Popularity:
    store = MemoryResults()
    for happened in events:
        store.write(count_writes(happened, NOON))
    return read_popularity(store, NOON)


@given(EVENTS, st.randoms())
def test_the_order_of_events_does_not_matter(events, random) -> None:
    assert counted(events) == counted(random.sample(events, len(events)))


def test_what_is_older_counts_less_and_at_last_not_at_all() -> None:
    found = counted([event(hours=0), event("click", "tent", -48), event("click", "pan", -24 * 20)])
    assert found.liked["bread"] == 1.0
    assert found.liked["tent"] == 0.5
    assert "pan" not in found.liked


def test_a_purchase_weighs_more_than_a_click_and_a_view_is_only_a_showing() -> None:
    found = counted([event("click", "bread"), event("purchase", "tent"), event("view", "pan")])
    assert found.ranked() == ["tent", "bread"]
    assert found.shown == {"pan": 1.0}


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
    def days_ago(days: int) -> int:
        return len(count_writes(event("click", "bread", -24 * days), NOON))

    assert [days_ago(days) for days in (0, 13, 14, 400)] == [1, 1, 0, 0]


def test_a_days_table_lives_as_long_as_it_is_read_and_no_longer() -> None:
    now_s = 0.0
    store = MemoryResults(lambda: now_s)
    store.write([*count_writes(event("click"), NOON), *count_writes(event("view"), NOON)])
    days = 0
    while (seen := read_popularity(store, NOON + timedelta(days=days))).liked:
        assert seen.shown
        days += 1
        now_s += 24 * 60 * 60
    assert days == 14
    now_s += 3 * 24 * 60 * 60
    assert store.fields(liked_key(NOON)) == store.fields(shown_key(NOON)) == {}
