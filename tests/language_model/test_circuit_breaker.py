from __future__ import annotations

from textwire.language_model.circuit_breaker import (
    FAILURES_IN_A_ROW,
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    CircuitBreaker,
)


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(FAILURES_IN_A_ROW):
        breaker.failed()
    return breaker


def test_a_failure_now_and_then_changes_nothing() -> None:
    breaker = CircuitBreaker(Clock())
    for _ in range(FAILURES_IN_A_ROW):
        breaker.failed()
        breaker.answered()
    assert (breaker.may_ask(7), breaker.is_open) == (7, False)


def test_after_some_in_a_row_nothing_is_asked_until_one_question_tries() -> None:
    clock = Clock()
    breaker = opened(clock)
    assert (breaker.may_ask(7), breaker.is_open) == (0, True)
    clock.now_s += FIRST_PAUSE_S
    assert breaker.may_ask(7) == 1
    breaker.answered()
    assert (breaker.may_ask(7), breaker.is_open) == (7, False)


def test_each_try_that_fails_is_followed_by_a_longer_pause_up_to_a_minute() -> None:
    clock = Clock()
    breaker = opened(clock)
    pauses = []
    for _ in range(6):
        began_s = clock.now_s
        while not breaker.may_ask(1):
            clock.now_s += 1
        pauses.append(clock.now_s - began_s)
        breaker.failed()
    assert pauses == [5, 10, 20, 40, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_those_that_were_under_way_when_it_opened_do_not_lengthen_the_pause() -> None:
    clock = Clock()
    breaker = opened(clock)
    for _ in range(20):
        breaker.failed()
    clock.now_s += FIRST_PAUSE_S
    assert breaker.may_ask(1) == 1


def test_a_server_that_asks_to_be_left_alone_is_at_once() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    breaker.failed(retry_after_s=30)
    clock.now_s += 29
    assert breaker.may_ask(1) == 0
    clock.now_s += 1
    assert breaker.may_ask(1) == 1
