"""What all keys together tell, learned cell by cell and held fixed for an hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.surges.pooled_baseline import FIRST_MEAN, PooledBaseline
from textwire.sentiment_alerts.surges.week_profile import SEASON_LEAST, SEASON_MOST

TIMING = Timing()
DISCOUNT = 0.999
DAY = TIMING.cells_per_day
MIDNIGHT = 1000 * DAY
counts = st.lists(st.integers(0, 40), max_size=2 * DAY)


def beginning() -> PooledBaseline:
    return PooledBaseline.beginning(MIDNIGHT, MIDNIGHT, TIMING)


def fold(pooled: PooledBaseline, *articles: float) -> None:
    for one in articles:
        pooled.fold({"company": one}, TIMING, DISCOUNT)


def test_before_anything_is_known_hours_are_alike_and_rates_low() -> None:
    hour = beginning().hour(MIDNIGHT, TIMING)
    assert (set(hour.seasons), hour.keys) == ({1.0}, 0)
    assert hour.means["company"] == pytest.approx(FIRST_MEAN)


@given(counts)
def test_an_hours_constants_never_change_once_they_are_fixed(articles: list[int]) -> None:
    pooled, fixed = beginning(), {}
    for count in articles:
        for number, hour in pooled.hours.items():
            assert fixed.setdefault(number, hour) == hour
        fold(pooled, count)


@given(counts)
def test_the_constants_of_two_windows_ahead_are_there(articles: list[int]) -> None:
    pooled = beginning()
    for count in articles:
        for cell in range(pooled.folded, pooled.folded + 2 * TIMING.window + 1):
            assert cell // TIMING.cells_per_hour in pooled.hours
        fold(pooled, count)


@given(counts)
def test_a_season_stays_within_its_bounds(articles: list[int]) -> None:
    pooled = beginning()
    fold(pooled, *articles)
    assert SEASON_LEAST <= pooled.season(pooled.folded, TIMING) <= SEASON_MOST


def test_a_busy_hour_is_learned_within_days() -> None:
    pooled = beginning()
    a_day = [20.0 if 9 <= cell // TIMING.cells_per_hour < 10 else 1.0 for cell in range(DAY)]
    fold(pooled, *(a_day * 7))
    at_nine = pooled.folded + 9 * TIMING.cells_per_hour
    assert pooled.season(at_nine, TIMING) > 3
    assert pooled.season(at_nine + 6 * TIMING.cells_per_hour, TIMING) < 1


@given(st.integers(1, 5 * DAY))
def test_a_silence_gone_over_at_once_is_one_gone_through(cells: int) -> None:
    at_once, through = beginning(), beginning()
    for pooled in (at_once, through):
        pooled.first_seen("company", MIDNIGHT, None)
        fold(pooled, 1.0)
    at_once.skip(cells, TIMING, DISCOUNT)
    fold(through, *[0.0] * cells)
    assert at_once.folded == through.folded
    assert at_once.sums["company"].articles == pytest.approx(through.sums["company"].articles)
    # The hour of the one article is a little busier than others, for whoever goes through them.
    assert at_once.exposure == pytest.approx(through.exposure, rel=0.05)


def test_the_exposures_ahead_are_those_that_folding_comes_to() -> None:
    pooled = beginning()
    fold(pooled, *[2.0] * 7)
    ahead = pooled.exposures(pooled.folded + TIMING.window, TIMING, DISCOUNT)
    for cell in range(pooled.folded, pooled.folded + TIMING.window + 1):
        assert pooled.exposure == pytest.approx(ahead[cell])
        fold(pooled, 2.0)


def test_a_key_that_turns_out_to_have_begun_sooner_is_one_key() -> None:
    pooled = beginning()
    pooled.first_seen("company", MIDNIGHT + 3, None)
    pooled.first_seen("company", MIDNIGHT + 1, MIDNIGHT + 3)
    assert pooled.keys == 1
    fold(pooled, 1.0, 1.0, 1.0, 1.0)
    assert (pooled.keys, pooled.sums["company"].keys) == (1, 1)


def test_what_comes_to_all_companies_at_once_is_a_tide_to_each() -> None:
    pooled = beginning()
    for _ in range(20):
        pooled.first_seen("company", MIDNIGHT, None)
    fold(pooled, *[1.0] * DAY)
    window = range(pooled.folded, pooled.folded + TIMING.window)
    assert pooled.tide(window, 0, TIMING) == 1.0
    pooled.count(pooled.folded, 100)
    assert pooled.tide(window, 0, TIMING) > 4
    assert pooled.tide(window, 100, TIMING) == 1.0
