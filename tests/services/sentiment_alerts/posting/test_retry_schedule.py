from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.sentiment_alerts.posting.retry_schedule import (
    LONGEST_RETRY_AFTER_S,
    LONGEST_WAIT_S,
    RetrySchedule,
)


class Time:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def longest(_least: float, most: float) -> float:
    return most


def test_at_first_everything_may_go() -> None:
    schedule = RetrySchedule()
    assert schedule.until_open_s() == schedule.until_again_s() == 0


def test_after_each_failure_it_waits_twice_as_long_up_to_a_minute() -> None:
    schedule = RetrySchedule(Time(), longest)
    waits = []
    for _ in range(10):
        schedule.failed()
        waits.append(schedule.until_again_s())
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


@given(st.integers(1, 5_000), st.floats(0.5, 1.0))
def test_a_wait_is_drawn_and_never_longer_than_the_longest(failures: int, part: float) -> None:
    schedule = RetrySchedule(Time(), lambda least, most: least + part * (most - least))
    for _ in range(failures):
        schedule.failed()
    assert 0 < schedule.until_again_s() <= LONGEST_WAIT_S


def test_what_was_not_tried_yet_waits_for_no_failure() -> None:
    schedule = RetrySchedule(Time(), longest)
    schedule.failed()
    assert schedule.until_open_s() == 0


def test_an_address_that_asks_for_it_is_left_alone_altogether() -> None:
    time = Time()
    schedule = RetrySchedule(time, longest)
    schedule.failed(retry_after_s=30)
    assert schedule.until_open_s() == schedule.until_again_s() == 30
    time.now_s += 30
    assert schedule.until_open_s() == schedule.until_again_s() == 0


def test_it_may_not_ask_for_longer_than_an_hour() -> None:
    schedule = RetrySchedule(Time(), longest)
    schedule.failed(retry_after_s=float("inf"))
    assert schedule.until_open_s() == LONGEST_RETRY_AFTER_S


def test_once_it_answers_the_next_goes_at_once_and_the_waits_begin_anew() -> None:
    schedule = RetrySchedule(Time(), longest)
    for _ in range(5):
        schedule.failed()
    schedule.answered()
    assert schedule.until_again_s() == 0
    schedule.failed()
    assert schedule.until_again_s() == 0.5
