from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.sentiment_alerts.posting.waiting import WaitingPosts
from textwire.results.memory import MemoryResults
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore
from textwire.results.writes import Remove
from textwire.sentiment_alerts.results.keys import waiting_posts_key
from textwire.sentiment_alerts.results.reading import read_waiting_posts
from textwire.sentiment_alerts.results.records import WaitingPost

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def post(offset: int, alert_id: str = "a", partition: int = 0, body: str = "{}") -> WaitingPost:
    return WaitingPost(
        id=f"msg_{partition}x{offset}",
        alert_id=alert_id,
        partition=partition,
        offset=offset,
        at=NOON,
        body=body,
    )


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[ResultStore]:
    if request.param == "memory":
        yield MemoryResults()
        return
    with closing(RedisResults.from_url(request.getfixturevalue("redis_url"))) as store:
        store.write(Remove(waiting_posts_key(partition)) for partition in range(4))
        yield store


def test_what_waits_is_there_after_a_restart_in_its_order(store: ResultStore) -> None:
    before = WaitingPosts(store)
    posts = [post(offset, f"alert {offset % 3}", body='{"é": "€"}') for offset in (9, 10, 11, 100)]
    for one in posts:
        assert before.add(one) == []
    before.done_with(posts[1])
    after = WaitingPosts(store)
    after.take_over([0])
    assert after.those(lambda _: True) == [posts[0], posts[2], posts[3]]


def test_who_takes_over_a_partition_has_its_posts_and_no_others(store: ResultStore) -> None:
    writing = WaitingPosts(store)
    for partition in range(3):
        writing.add(post(5, f"of {partition}", partition))
    reading = WaitingPosts(store)
    reading.take_over([0, 2])
    assert [one.partition for one in reading.those(lambda _: True)] == [0, 2]
    reading.take_over([1])
    assert [one.partition for one in reading.those(lambda _: True)] == [1]


def test_a_record_that_is_read_again_waits_once(store: ResultStore) -> None:
    waiting = WaitingPosts(store)
    waiting.add(post(1))
    waiting.add(post(1))
    assert len(waiting) == len(read_waiting_posts(store, 0)) == 1


def test_what_failed_is_tried_in_turn_and_behind_what_is_new() -> None:
    waiting = WaitingPosts(MemoryResults())
    for offset, alert_id in enumerate("abc"):
        waiting.add(post(offset, alert_id))
    tried = []
    while one := waiting.next_untried():
        tried.append(one.alert_id)
        waiting.failed(one)
    for _ in range(4):
        one = waiting.next_tried()
        assert one
        tried.append(one.alert_id)
        waiting.failed(one)
    assert tried == [*"abc", *"abca"]


def test_an_alerts_next_state_comes_once_the_first_is_done_with() -> None:
    waiting = WaitingPosts(MemoryResults())
    first, second = post(0), post(1)
    waiting.add(first)
    waiting.failed(first)
    waiting.add(second)
    assert (waiting.next_untried(), waiting.next_tried()) == (None, first)
    waiting.done_with(first)
    assert waiting.next_tried() == second


def test_a_clock_that_is_set_back_holds_nothing_back_for_days() -> None:
    waiting = WaitingPosts(MemoryResults())
    held = replace(post(0), not_before=NOON + timedelta(hours=8))
    waiting.add(held)
    assert waiting.next_untried(NOON) is None
    assert waiting.until_held_s(NOON) == 8 * 3600
    assert waiting.next_untried(NOON - timedelta(days=3)) == held


def test_what_was_taken_over_counts_as_tried() -> None:
    store = MemoryResults()
    WaitingPosts(store).add(post(0))
    waiting = WaitingPosts(store)
    waiting.take_over([0])
    assert waiting.next_untried() is None
    assert waiting.next_tried() == post(0)


def test_where_there_is_no_room_the_oldest_of_the_partition_goes(store: ResultStore) -> None:
    waiting = WaitingPosts(store, most_posts=2)
    waiting.add(post(0, partition=1))
    assert [waiting.add(post(offset)) for offset in range(3)] == [[], [], [post(0)]]
    assert read_waiting_posts(store, 0) == [post(1), post(2)]
    assert read_waiting_posts(store, 1) == [post(0, partition=1)]


def test_room_is_counted_in_bytes_too() -> None:
    waiting = WaitingPosts(MemoryResults(), most_bytes=10)
    waiting.add(post(0, body="ääää"))
    waiting.add(post(1, body="b"))
    assert waiting.add(post(2, body="cccccc")) == [post(0, body="ääää")]
    assert len(waiting) == 2


Sizes = st.lists(st.integers(1, 12), max_size=30)


@given(Sizes)
def test_never_more_is_kept_than_there_is_room_for(sizes: Sequence[int]) -> None:
    store = MemoryResults()
    waiting = WaitingPosts(store, most_posts=4, most_bytes=20)
    dropped = []
    for offset, size in enumerate(sizes):
        dropped += waiting.add(post(offset, body="x" * size))
        kept = read_waiting_posts(store, 0)
        assert len(kept) <= 4
        assert sum(one.size for one in kept) <= 20
        assert kept == waiting.those(lambda _: True)
    offsets = [one.offset for one in [*dropped, *read_waiting_posts(store, 0)]]
    assert offsets == list(range(len(sizes)))
