from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observing.test_stages import Clock
from textwire.observing.progress import ProgressWatch
from textwire.wire.record import Partition

FIRST, SECOND, OTHER = Partition("words", 0), Partition("words", 1), Partition("names", 0)
AFTER_S = 15.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> ProgressWatch:
    return ProgressWatch(clock)


def test_records_that_wait_while_none_is_committed_are_told(
    watch: ProgressWatch, clock: Clock
) -> None:
    watch.lags("echoing", {FIRST: 5_000, SECOND: 169, OTHER: 0})
    clock.now_s += 14
    assert watch.stalled(AFTER_S) == {}
    clock.now_s += 9
    watch.lags("echoing", {FIRST: 5_000, SECOND: 189, OTHER: 0})
    assert watch.stalled(AFTER_S) == {
        "echoing": "5,189 records wait on words/0, words/1, and none was committed for 23 s"
    }


def test_one_record_that_waits_is_enough(watch: ProgressWatch, clock: Clock) -> None:
    watch.lags("echoing", {FIRST: 1, OTHER: 0})
    clock.now_s += 20
    assert watch.stalled(AFTER_S)["echoing"].startswith("1 record waits on words/0,")


def test_a_backlog_that_is_worked_off_is_no_trouble_however_long(
    watch: ProgressWatch, clock: Clock
) -> None:
    for left in range(100_000, 0, -1_000):
        watch.lags("echoing", {FIRST: left})
        clock.now_s += 14
        watch.committed("echoing", [FIRST])
        assert watch.stalled(AFTER_S) == {}


def test_where_nothing_waits_nothing_need_be_committed(watch: ProgressWatch, clock: Clock) -> None:
    watch.lags("echoing", {FIRST: 3})
    clock.now_s += 10
    watch.lags("echoing", {FIRST: 0})
    clock.now_s += 1_000
    watch.lags("echoing", {FIRST: 3})
    assert watch.stalled(AFTER_S) == {}


def test_a_commit_of_nothing_is_no_progress(watch: ProgressWatch, clock: Clock) -> None:
    watch.lags("echoing", {FIRST: 3})
    clock.now_s += 20
    watch.committed("echoing", [])
    assert "echoing" in watch.stalled(AFTER_S)
    watch.committed("echoing", [FIRST])
    assert watch.stalled(AFTER_S) == {}


def test_partitions_that_went_to_another_replica_are_its_own_to_work_off(
    watch: ProgressWatch, clock: Clock
) -> None:
    watch.lags("echoing", {FIRST: 3})
    clock.now_s += 20
    watch.lags("echoing", {})
    assert watch.stalled(AFTER_S) == {}


def test_one_group_that_moves_does_not_excuse_another(watch: ProgressWatch, clock: Clock) -> None:
    watch.lags("reading", {FIRST: 3})
    watch.lags("counting", {OTHER: 3})
    clock.now_s += 20
    watch.committed("reading", [FIRST])
    assert watch.stalled(AFTER_S).keys() == {"counting"}


def test_a_partition_that_stands_still_is_told_while_the_others_move(
    watch: ProgressWatch, clock: Clock
) -> None:
    for left in (300, 200, 100):
        watch.lags("echoing", {FIRST: left, SECOND: 7, OTHER: left})
        clock.now_s += 8
        watch.committed("echoing", [FIRST, OTHER])
    assert watch.stalled(AFTER_S) == {
        "echoing": "7 records wait on words/1, and none was committed for 24 s"
    }


def test_of_many_partitions_that_stand_still_a_few_are_named(
    watch: ProgressWatch, clock: Clock
) -> None:
    watch.lags("echoing", {Partition("words", number): 1 for number in range(12)})
    clock.now_s += 20
    assert watch.stalled(AFTER_S)["echoing"].startswith(
        "12 records wait on words/0, words/1, words/2, words/3 and 8 more, and none"
    )


@given(
    st.lists(st.tuples(st.floats(0, 20), st.sampled_from(["lag", "no lag", "commit"])), max_size=40)
)
def test_it_is_stalled_only_if_records_waited_all_the_time_without_a_commit(
    steps: list[tuple[float, str]],
) -> None:
    clock = Clock()
    watch = ProgressWatch(clock)
    waiting_since: float | None = None
    for passed_s, what in steps:
        clock.now_s += passed_s
        if what == "commit":
            watch.committed("echoing", [FIRST])
            waiting_since = None if waiting_since is None else clock.now_s
        else:
            watch.lags("echoing", {FIRST: 3 if what == "lag" else 0})
            waiting_since = (waiting_since or clock.now_s) if what == "lag" else None
        waited_s = 0.0 if waiting_since is None else clock.now_s - waiting_since
        assert bool(watch.stalled(AFTER_S)) == (waited_s >= AFTER_S)
