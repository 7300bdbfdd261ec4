from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from textwire.backoff import Backoff


def test_each_pause_is_twice_the_one_before_up_to_the_longest() -> None:
    backoff = Backoff(0.5, 5.0)
    assert [backoff.failed() for _ in range(6)] == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_after_a_success_it_begins_anew() -> None:
    backoff = Backoff(0.5, 5.0)
    backoff.failed()
    backoff.failed()
    backoff.succeeded()
    assert (backoff.failures, backoff.failed()) == (0, 0.5)


@given(st.integers(0, 10_000))
def test_it_may_fail_for_ever(failures: int) -> None:
    assert Backoff(0.5, 5.0, failures).failed() <= 5.0
