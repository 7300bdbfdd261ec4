from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.event_time import (
    MINUTE_MS,
    Progress,
    Timing,
    WeekTime,
    advanced,
    as_ms,
    moment_of,
    watermark_ms,
)

UTC_TIMING = Timing()
BERLIN = Timing(zone="Europe/Berlin")
MOMENTS_MS = st.integers(0, as_ms(datetime(2040, 1, 1, tzinfo=UTC)))


def cell_at(timing: Timing, *moment: int) -> int:
    return timing.cell(as_ms(datetime(*moment, tzinfo=UTC)))


@given(MOMENTS_MS, st.sampled_from([5, 10, 15, 30]))
def test_every_moment_lies_in_the_cell_that_began_before_it(at_ms: int, step: int) -> None:
    timing = Timing(step_minutes=step)
    cell = timing.cell(at_ms)
    assert timing.start(cell) <= moment_of(at_ms) < timing.start(cell + 1)
    assert timing.cell(as_ms(timing.start(cell))) == cell


@given(MOMENTS_MS)
def test_a_moment_in_milliseconds_is_the_same_moment(at_ms: int) -> None:
    assert as_ms(moment_of(at_ms)) == at_ms


def test_hours_of_the_week_are_those_of_the_zones_clock() -> None:
    winter, summer = (2026, 1, 5, 8, 30), (2026, 7, 6, 8, 30)  # Mondays
    assert UTC_TIMING.half_hour(cell_at(UTC_TIMING, *winter)) == WeekTime(0, 17)
    assert BERLIN.half_hour(cell_at(BERLIN, *winter)) == WeekTime(0, 19)
    assert BERLIN.half_hour(cell_at(BERLIN, *summer)) == WeekTime(0, 21)


def test_a_day_begins_at_midnight_of_the_zones_clock() -> None:
    late = cell_at(BERLIN, 2026, 1, 5, 23, 30)
    day = BERLIN.day(late)
    assert day == UTC_TIMING.day(late) + 1
    assert BERLIN.day_start(day) == datetime(2026, 1, 5, 23, tzinfo=UTC)


def test_a_source_that_has_come_far_does_not_go_back() -> None:
    begun = advanced(None, 10, 100)
    assert advanced(begun, 5, 200) == Progress(10, 200)
    assert begun.passed_over().passed_over().others == 2


def test_the_slowest_source_counts_as_long_as_it_goes_on() -> None:
    timing = Timing(sources=2, idle_s=60, lateness_minutes=15)
    slow, fast = Progress(50 * MINUTE_MS, 0), Progress(90 * MINUTE_MS, 0)
    late = 15 * MINUTE_MS
    assert watermark_ms({0: slow, 1: fast}, 0, timing) == slow.published_ms - late
    gone_on = Progress(fast.published_ms, 61_000)
    assert watermark_ms({0: slow, 1: gone_on}, 0, timing) == fast.published_ms - late


def test_a_source_that_never_came_is_waited_for_and_then_no_more() -> None:
    timing = Timing(sources=2, idle_s=60)
    assert watermark_ms({0: Progress(MINUTE_MS, 60_000)}, 0, timing) is None
    assert watermark_ms({0: Progress(MINUTE_MS, 60_001)}, 0, timing) == -14 * MINUTE_MS


ARTICLES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 500), st.integers(0, 20)), min_size=1, max_size=30
)


@given(ARTICLES)
def test_a_watermark_never_passes_what_all_that_goes_on_has_come_to(
    articles: list[tuple[int, int, int]],
) -> None:
    timing, progress, written = Timing(sources=3), {}, 0
    for source, minute, passed_s in articles:
        written += passed_s * 1000
        progress[source] = advanced(progress.get(source), minute * MINUTE_MS, written)
        mark = watermark_ms(progress, 0, timing)
        if mark is not None:
            assert mark <= progress[source].published_ms - timing.lateness_minutes * MINUTE_MS


@pytest.mark.parametrize(("step", "window", "cells"), [(10, 60, 6), (5, 30, 6), (30, 60, 2)])
def test_windows_are_whole_cells(step: int, window: int, cells: int) -> None:
    timing = Timing(step_minutes=step, window_minutes=window)
    assert timing.window == cells
    assert timing.cells_per_day == 24 * timing.cells_per_hour == 24 * 60 // step
