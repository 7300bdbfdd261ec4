"""How often a living feed is called dead, on simulated ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from textwire.sentiment_alerts.feeds.liveliness import condition_of, silent_after
from textwire.sentiment_alerts.feeds.state import FeedState

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEKS = 26


def office_hours(chance: random.Random) -> Iterator[datetime]:
    """Ten a working day between 8 and 18; nothing at weekends, nor on one Monday in four weeks."""
    for day in range(7 * WEEKS):
        if day % 7 < 5 and day % 28 != 21:
            hours = sorted(chance.uniform(8, 18) for _ in range(10))
            yield from (MONDAY + timedelta(days=day, hours=hour) for hour in hours)


def rare(chance: random.Random) -> Iterator[datetime]:
    """A Poisson process, one in two days."""
    at = MONDAY
    while (at := at + timedelta(days=chance.expovariate(0.5))) < MONDAY + timedelta(weeks=WEEKS):
        yield at


def busy(chance: random.Random) -> Iterator[datetime]:
    """One in two hours, day and night."""
    at = MONDAY
    while (at := at + timedelta(hours=chance.expovariate(0.5))) < MONDAY + timedelta(weeks=WEEKS):
        yield at


def false_alarms(times: list[datetime]) -> int:
    """How often a feed is called silent between its articles."""
    state, alarms = FeedState(), 0
    for at in times:
        if state.last_new_at is not None:
            alarms += condition_of(state, at - timedelta(seconds=1)) == "silent"
        state = state.after_articles_of([at])
    return alarms


@pytest.mark.parametrize("kind", [office_hours, rare, busy])
def test_twenty_living_feeds_are_called_silent_at_most_twice_in_half_a_year(
    kind: Callable[[random.Random], Iterator[datetime]],
) -> None:
    feeds = [list(kind(random.Random(seed))) for seed in range(20)]

    assert sum(map(false_alarms, feeds)) <= 2


@pytest.mark.parametrize(("kind", "days"), [(office_hours, 8), (busy, 2), (rare, 30)])
def test_a_feed_that_dies_is_silent_within_days(
    kind: Callable[[random.Random], Iterator[datetime]], days: int
) -> None:
    state = FeedState().after_articles_of(list(kind(random.Random(0))))

    assert silent_after(state) <= timedelta(days=days)


def test_a_feed_that_is_hardly_known_has_a_fortnight() -> None:
    state = FeedState().after_articles_of([MONDAY])

    assert condition_of(state, MONDAY + timedelta(days=14)) == "alive"
    assert condition_of(state, MONDAY + timedelta(days=15)) == "silent"


def test_a_silent_feed_that_fails_for_a_moment_stays_silent() -> None:
    state = FeedState(condition="silent", failures=1, failing_since=MONDAY)

    assert condition_of(state, MONDAY + timedelta(minutes=5)) == "silent"


def test_an_hour_of_few_requests_is_no_failing_feed() -> None:
    state = FeedState(failures=2, failing_since=MONDAY)

    assert condition_of(state, MONDAY + timedelta(hours=2)) == "alive"
    assert condition_of(replace(state, failures=3), MONDAY + timedelta(hours=2)) == "failing"
