from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from textwire.recommendations.experiments.figures import FEWEST_USERS
from textwire.recommendations.experiments.significance import (
    ALPHA,
    Sums,
    against,
    compared,
    mean_of,
    ratio_of,
)

LOOKS = 100  # every hundredth of the way
PLANNED = 4_000
Z = NormalDist().inv_cdf(1 - ALPHA / 2)


def alarms(rate: float, of_a: int, of_b: int, runs: int = 300) -> tuple[float, float]:
    """How often two equal arms differ at one of a hundred looks at least: always valid, plain z."""
    random = np.random.default_rng(0)
    a = random.binomial(of_a // LOOKS, rate, size=(runs, LOOKS)).cumsum(axis=1)
    b = random.binomial(of_b // LOOKS, rate, size=(runs, LOOKS)).cumsum(axis=1)
    always, plain = np.zeros(runs, bool), np.zeros(runs, bool)
    for look in range(LOOKS):
        users_a, users_b = (look + 1) * (of_a // LOOKS), (look + 1) * (of_b // LOOKS)
        if min(users_a, users_b) < FEWEST_USERS:
            continue
        for run in range(runs):
            at_a, at_b = int(a[run, look]), int(b[run, look])
            verdict = compared(Sums(users_a, at_a, at_a), Sums(users_b, at_b, at_b), PLANNED)
            always[run] |= verdict is not None and verdict.is_significant
            p, q = at_a / users_a, at_b / users_b
            spread = (p * (1 - p) / users_a + q * (1 - q) / users_b) ** 0.5
            plain[run] |= abs(q - p) > Z * spread > 0
    return float(always.mean()), float(plain.mean())


@pytest.mark.parametrize(("rate", "of_a", "of_b"), [(0.1, 2_000, 2_000), (0.01, 3_600, 400)])
def test_who_looks_a_hundred_times_is_deceived_at_most_as_often_as_promised(
    rate: float, of_a: int, of_b: int
) -> None:
    always, plain = alarms(rate, of_a, of_b)
    assert always <= ALPHA
    assert plain > 4 * ALPHA  # what a plain test would do


def test_a_true_difference_is_found() -> None:
    random = np.random.default_rng(1)
    found = 0
    for _ in range(100):
        a, b = (int(random.binomial(2_000, rate)) for rate in (0.10, 0.16))
        verdict = compared(Sums(2_000, a, a), Sums(2_000, b, b), PLANNED)
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
    assert compared(Sums(100, 0, 0), Sums(100, 0, 0), PLANNED) is None
    assert mean_of(1, 1, 1) is None
    assert ratio_of(10, 0, 0, 0, 0, 0) is None
