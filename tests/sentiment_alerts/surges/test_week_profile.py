"""How busy each half hour of the week is, learned from cells."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.event_time import HALF_HOUR_MS, HALF_HOURS, WeekTime, week_time
from textwire.sentiment_alerts.surges.week_profile import (
    DAYS,
    SEASON_LEAST,
    SEASON_MOST,
    WeekProfile,
)

DISCOUNT = 0.9993
WEEK = [WeekTime(day, half_hour) for day, half_hour in product(range(DAYS), range(HALF_HOURS))]
OPENING = 19  # 9:30


def learned(weeks: int, weekend: float = 0.0) -> WeekProfile:
    """Of weekdays that open with a rush, three cells for each half hour."""
    profile = WeekProfile.unknown()
    for at in WEEK * weeks:
        usual = weekend if at.day >= 5 else 10.0 if at.half_hour == OPENING else 0.5
        for _ in range(3):
            profile.learn(at, usual, DISCOUNT)
    return profile


def test_before_anything_is_known_all_are_alike_and_may_be_busier() -> None:
    season = WeekProfile.unknown().season(WEEK[0])
    assert season.likely == 1.0
    assert 1.5 < season.at_most <= 2.0


def test_an_opening_is_learned_within_a_week() -> None:
    profile = learned(1)
    mean = 5 * (10 + 47 * 0.5) / (7 * 48)
    assert profile.season(WeekTime(0, OPENING)).likely == pytest.approx(10 / mean, rel=0.35)
    assert profile.season(WeekTime(0, OPENING + 2)).likely < 2.5


def test_a_weekend_has_a_level_of_its_own() -> None:
    profile = learned(3)
    assert (
        profile.season(WeekTime(5, OPENING)).likely
        < 0.1 * profile.season(WeekTime(4, OPENING)).likely
    )


@given(st.lists(st.tuples(st.sampled_from(WEEK), st.floats(0, 1000)), max_size=60))
def test_a_season_stays_within_its_bounds(cells: list[tuple[WeekTime, float]]) -> None:
    profile = WeekProfile.unknown()
    for at, articles in cells:
        profile.learn(at, articles, DISCOUNT)
        season = profile.season(at)
        assert SEASON_LEAST <= season.likely <= SEASON_MOST
        assert season.likely <= season.at_most


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (datetime(2026, 3, 6, 14, 30, tzinfo=UTC), "America/New_York", WeekTime(4, OPENING)),
        (datetime(2026, 3, 9, 13, 30, tzinfo=UTC), "America/New_York", WeekTime(0, OPENING)),
        (datetime(2026, 3, 8, 23, 30, tzinfo=UTC), "Asia/Kolkata", WeekTime(0, 10)),
        (datetime(2026, 3, 8, 23, 59, tzinfo=UTC), "UTC", WeekTime(6, 47)),
    ],
)
def test_an_opening_is_at_its_time_of_day_whatever_the_clocks_do(
    moment: datetime, zone: str, expected: WeekTime
) -> None:
    half_hours = int(moment.timestamp() * 1000) // HALF_HOUR_MS
    assert week_time(half_hours, zone) == expected
