from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.observing.pauses import FIRST_RETRY_S, LONGEST_RETRY_S, Pauses


def longest(low: float, high: float) -> float:
    return high


def test_after_a_success_it_is_looked_at_the_interval() -> None:
    pauses = Pauses(2.0)
    assert [pauses.after_success(0.1) for _ in range(3)] == [2.0, 2.0, 2.0]


def test_a_spread_keeps_replicas_out_of_step() -> None:
    drawn = {round(Pauses(1.0, spread=0.5).after_success(0.0), 6) for _ in range(50)}
    assert len(drawn) > 10
    assert all(0.5 <= pause <= 1.5 for pause in drawn)


def test_after_a_slow_look_it_rests_for_longer() -> None:
    pauses = Pauses(5.0, busy_at_most=0.05)
    assert pauses.after_success(0.01) == 5.0
    assert pauses.after_success(1.0) == pytest.approx(19.0)


def test_while_looks_fail_the_pauses_double_up_to_a_bound_and_a_success_ends_that() -> None:
    pauses = Pauses(0.25, chance=longest)
    assert [pauses.after_failure() for _ in range(6)] == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    pauses.after_success(0.0)
    assert pauses.after_failure() == 0.5


@given(st.floats(0, 3_600), st.integers(1, 100))
def test_a_retry_comes_within_its_bounds_and_never_sooner_than_half_a_look(
    every_s: float, failures: int
) -> None:
    pauses = Pauses(every_s)
    for _ in range(failures):
        pause_s = pauses.after_failure()
        assert max(every_s, FIRST_RETRY_S) / 2 <= pause_s <= max(every_s, LONGEST_RETRY_S)
