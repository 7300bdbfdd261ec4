from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from textwire.observing.reports import StageTimes
from textwire.observing.stages import (
    CLOCKS_DIFFER_S,
    KEPT_TIMES,
    LONGEST_S,
    WINDOW_S,
    StageTimer,
)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def timer(clock: Clock | None = None) -> StageTimer:
    return StageTimer(CollectorRegistry(), "service", clock or Clock())


def test_a_block_is_timed_also_when_it_fails() -> None:
    clock = Clock()
    stages = timer(clock)
    with stages.timed("infer"):
        clock.now_s += 0.02
    with suppress(ValueError), stages.timed("infer"):
        clock.now_s += 0.04
        raise ValueError
    (times,) = stages.times()
    assert (times.stage, times.count, times.p50_ms) == ("infer", 2, 30.0)


def test_stages_come_in_the_order_they_first_came() -> None:
    stages = timer()
    for stage in ("queue", "decode", "queue", "process"):
        stages.add(stage, 0.001)
    assert [times.stage for times in stages.times()] == ["queue", "decode", "process"]


def test_what_is_older_than_the_window_is_forgotten() -> None:
    clock = Clock()
    stages = timer(clock)
    stages.add("old", 1.0)
    stages.add("both", 1.0)
    clock.now_s += WINDOW_S + 1
    stages.add("both", 3.0)
    (times,) = stages.times()
    assert (times.stage, times.count, times.p50_ms) == ("both", 1, 3000.0)


def test_what_is_kept_is_bounded() -> None:
    stages = timer()
    for _ in range(KEPT_TIMES + 10):
        stages.add("busy", 0.001)
    assert stages.times()[0].count == KEPT_TIMES


def test_a_clock_that_was_set_back_gives_no_negative_time() -> None:
    stages = timer()
    stages.add("queue", -5.0)
    assert stages.times()[0].p50_ms == 0.0


@pytest.mark.parametrize("took_s", [LONGEST_S + 1, -CLOCKS_DIFFER_S - 1, 1.8e9, -2.5e11, 3e13])
def test_a_record_that_is_dated_wildly_is_counted_and_measures_nothing(took_s: float) -> None:
    stages = timer()
    stages.add("queue", took_s)
    assert stages.times() == (StageTimes("queue", 0, 0.0, 0.0, misdated=1),)
    stages.add("queue", 0.02)
    assert stages.times() == (StageTimes("queue", 1, 20.0, 20.0, misdated=1),)


def test_neither_is_it_in_the_histogram() -> None:
    registry = CollectorRegistry()
    StageTimer(registry, "service").add("queue", 1.8e9)
    assert registry.get_sample_value("textwire_stage_seconds_sum") is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_the_median_and_the_tail_lie_within_what_was_measured(took_s: list[float]) -> None:
    stages = timer()
    for one in took_s:
        stages.add("stage", one)
    (times,) = stages.times()
    rounding_ms = 0.01
    assert min(took_s) * 1000 - rounding_ms <= times.p50_ms <= times.p99_ms
    assert times.p99_ms <= max(took_s) * 1000 + rounding_ms
