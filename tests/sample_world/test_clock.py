"""When a moment of the sample world is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from textwire.sample_world.clock import WorldClock, fresh_start

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
START = NOW - timedelta(hours=72)
CLOCK = WorldClock(began=NOW, world_began=START, at_once=START + timedelta(hours=15), speed=60)

moments = st.datetimes(datetime(2026, 3, 2), datetime(2026, 3, 20), timezones=st.just(UTC))


def test_the_head_start_is_due_at_once() -> None:
    assert CLOCK.due(START + timedelta(hours=14)) == NOW


def test_then_an_hour_takes_a_minute() -> None:
    assert CLOCK.due(START + timedelta(hours=16)) == NOW + timedelta(minutes=1)


def test_once_it_has_caught_up_it_keeps_pace_with_our_time() -> None:
    tomorrow = NOW + timedelta(days=1)
    assert CLOCK.due(tomorrow) == tomorrow


def test_at_our_own_speed_it_stays_as_far_behind_as_it_began() -> None:
    clock = WorldClock(began=NOW, world_began=START, at_once=START, speed=1)
    assert clock.due(START + timedelta(hours=1)) == NOW + timedelta(hours=1)


@given(moments)
def test_nothing_is_due_before_it_happens_or_before_the_feed_began(moment: datetime) -> None:
    assert CLOCK.due(moment) >= max(NOW, min(moment, CLOCK.due(moment)))
    assert CLOCK.due(moment) >= moment or moment <= NOW


@given(moments, moments)
def test_what_happens_later_is_due_later(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert CLOCK.due(earlier) <= CLOCK.due(later)


def test_a_new_world_begins_at_a_midnight_at_least_its_length_ago() -> None:
    began = fresh_start(NOW, timedelta(hours=72))
    assert (began.hour, began.minute) == (0, 0)
    assert timedelta(hours=72) <= NOW - began < timedelta(hours=96)
