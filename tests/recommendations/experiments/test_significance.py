from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from textwire.recommendations.experiments.significance import (
    ALPHA,
    against,
    compared,
    mean_of,
    ratio_of,
)

LOOKS = 100  # every hundredth of the way
PLANNED = 4_000
Z = NormalDist().inv_cdf(1 - ALPHA / 2)


def sums(random: np.random.Generator, rate: float, runs: int) -> NDArray[np.float64]:
    """(runs, LOOKS): of users who clicked so far, with PLANNED / 2 of them at the end."""
    step = PLANNED // 2 // LOOKS
    return random.binomial(step, rate, size=(runs, LOOKS)).cumsum(axis=1).astype(float)


def false_alarms(runs: int = 400) -> tuple[float, float]:
    """How often two equal arms differ at one look of a hundred at least: always valid, plain z."""
    random = np.random.default_rng(0)
    a, b = sums(random, 0.1, runs), sums(random, 0.1, runs)
    users = np.arange(1, LOOKS + 1) * (PLANNED // 2 // LOOKS)
    alarms, plain = 0, 0
    for of_a, of_b in zip(a, b, strict=True):
        always, fixed = False, False
        for n, at_a, at_b in zip(users, of_a, of_b, strict=True):
            first, second = mean_of(int(n), at_a, at_a), mean_of(int(n), at_b, at_b)
            assert first
            assert second
            if n < 100:
                continue
            verdict = compared(first, second, PLANNED)
            always |= verdict is not None and verdict.is_significant
            spread = (first.variance + second.variance) ** 0.5
            fixed |= spread > 0 and abs(second.value - first.value) > Z * spread
        alarms += always
        plain += fixed
    return alarms / runs, plain / runs


def test_who_looks_a_hundred_times_is_deceived_at_most_as_often_as_promised() -> None:
    always, plain = false_alarms()
    assert always <= ALPHA + 2 * (ALPHA * (1 - ALPHA) / 400) ** 0.5
    assert plain > 4 * ALPHA  # what a plain test would do


def test_a_true_difference_is_found() -> None:
    random = np.random.default_rng(1)
    a, b = sums(random, 0.10, 100)[:, -1], sums(random, 0.16, 100)[:, -1]
    found = 0
    for of_a, of_b in zip(a, b, strict=True):
        first, second = mean_of(2_000, of_a, of_a), mean_of(2_000, of_b, of_b)
        assert first
        assert second
        verdict = compared(first, second, PLANNED)
        found += verdict is not None and verdict.is_significant and verdict.low > 0
    assert found >= 95


def test_the_interval_leaves_nothing_out_exactly_when_p_is_small() -> None:
    for difference in np.linspace(0.0, 0.1, 50):
        verdict = against(float(difference), 1e-4, 3_000, PLANNED)
        assert verdict is not None
        assert verdict.is_significant == (verdict.low > 0)


def test_the_interval_is_narrowest_compared_with_a_plain_one_around_what_was_planned() -> None:
    def widening(users: int) -> float:
        verdict = against(0.0, 1.0 / users, users, PLANNED)
        assert verdict is not None
        return verdict.high * users**0.5

    assert widening(PLANNED) < min(widening(PLANNED // 20), widening(PLANNED * 20))


def test_a_mean_over_users_has_the_variance_that_numpy_gives_it() -> None:
    numbers = np.random.default_rng(2).poisson(0.7, 500)
    mean = mean_of(500, float(numbers.sum()), float((numbers**2).sum()))
    assert mean is not None
    assert mean.value == pytest.approx(numbers.mean())
    assert mean.variance == pytest.approx(numbers.var(ddof=1) / 500)


def test_a_ratio_has_about_the_variance_that_resampling_users_gives_it() -> None:
    random = np.random.default_rng(3)
    below = random.poisson(3.0, 800) + 1.0
    above = random.binomial(below.astype(int), 0.4).astype(float)
    ratio = ratio_of(
        800,
        above.sum(),
        below.sum(),
        (above**2).sum(),
        (below**2).sum(),
        (above * below).sum(),
    )
    drawn = random.integers(0, 800, size=(2_000, 800))
    resampled = above[drawn].sum(axis=1) / below[drawn].sum(axis=1)
    assert ratio is not None
    assert ratio.variance == pytest.approx(resampled.var(), rel=0.15)


def test_nothing_is_said_where_nobody_did_anything_else_than_others() -> None:
    first, second = mean_of(100, 0, 0), mean_of(100, 0, 0)
    assert first
    assert second
    assert compared(first, second, PLANNED) is None
    assert mean_of(1, 1, 1) is None
    assert ratio_of(10, 0, 0, 0, 0, 0) is None
