from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.stream.pacing import LARGEST_GROUP, Clock, at_rate, by_time, in_groups

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class FakeClock(Clock):
    """Time goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def now_s(self) -> float:
        return self.passed_s

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0.0
        self.passed_s += seconds


@given(st.lists(st.integers()), st.integers(1, 9))
def test_groups_hold_all_in_order_and_only_the_last_is_smaller(items: list[int], size: int) -> None:
    groups = list(in_groups(items, size))
    assert [item for group in groups for item in group] == items
    assert all(len(group) == size for group in groups[:-1])
    assert all(groups)


@given(st.integers(1, 5_000), st.floats(0.5, 1e6))
def test_at_a_rate_all_have_come_when_they_are_due(count: int, per_second: float) -> None:
    clock = FakeClock()
    sent = 0
    for group in at_rate(range(count), per_second, clock):
        assert clock.passed_s == pytest.approx(sent / per_second)
        assert len(group) <= LARGEST_GROUP
        sent += len(group)
    assert sent == count


def test_slow_rates_come_one_by_one_and_fast_ones_in_groups() -> None:
    assert [len(group) for group in at_rate(range(3), 1.0, FakeClock())] == [1, 1, 1]
    assert [len(group) for group in at_rate(range(20), 200.0, FakeClock())] == [10, 10]


def test_who_is_late_does_not_wait() -> None:
    clock = FakeClock()
    came = []
    for group in at_rate(range(4), 1.0, clock):
        came.append(clock.passed_s)
        clock.passed_s += 1.5 if group == [0] else 0.0
    assert came == [0.0, 1.5, 2.0, 3.0]


def test_by_time_each_comes_when_its_moment_does_so_many_times_as_fast() -> None:
    clock = FakeClock()
    moments = [
        NOON,
        NOON + timedelta(minutes=1),
        None,
        NOON - timedelta(1),
        NOON + timedelta(hours=1),
    ]
    came = [
        (item, clock.passed_s)
        for [item] in by_time(range(5), lambda place: moments[place], 60.0, clock)
    ]
    assert came == [(0, 0.0), (1, 1.0), (2, 1.0), (3, 1.0), (4, 60.0)]


def test_without_any_moment_all_come_at_once() -> None:
    clock = FakeClock()
    assert list(by_time("ab", lambda _: None, 1.0, clock)) == [["a"], ["b"]]
    assert clock.passed_s == 0.0
