from fractions import Fraction
from math import exp, factorial, lgamma, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.surges.baseline import PRIOR_SHAPE, negative_binomial_tail, rate_of


def exact_tail(count: int, shape: int, exposure: int, window: int) -> float:
    """The sum in fractions, for whole shapes."""
    share = Fraction(window, exposure + window)
    below = sum(
        Fraction(prod(range(shape, shape + k)), factorial(k)) * (1 - share) ** shape * share**k
        for k in range(count)
    )
    return float(1 - below)


@given(st.integers(0, 60), st.integers(1, 40), st.integers(1, 500), st.integers(1, 60))
def test_the_tail_is_that_of_a_slow_exact_sum(
    count: int, shape: int, exposure: int, window: int
) -> None:
    exact = exact_tail(count, shape, exposure, window)
    assert negative_binomial_tail(count, shape, exposure, window) == pytest.approx(
        exact, rel=1e-9, abs=1e-300
    )


@given(st.integers(0, 80), st.floats(0.01, 300), st.floats(0.1, 5000), st.floats(0.1, 300))
def test_more_articles_are_never_more_probable(
    count: int, shape: float, exposure: float, window: float
) -> None:
    more = negative_binomial_tail(count + 1, shape, exposure, window)
    assert 0 <= more <= negative_binomial_tail(count, shape, exposure, window) <= 1


def test_with_a_rate_that_is_known_well_it_is_the_poisson_tail() -> None:
    mean = 3.0
    poisson = 1 - sum(exp(-mean) * mean**k / exp(lgamma(k + 1)) for k in range(9))
    assert negative_binomial_tail(9, mean * 1e7, 6e7, 6.0) == pytest.approx(poisson, rel=1e-4)


def test_a_new_key_is_predicted_more_broadly_than_one_that_is_known() -> None:
    new = rate_of(0.0, 0.0, 0.05)
    known = rate_of(0.05 * 2000, 2000.0, 0.05)
    assert new.mean == pytest.approx(known.mean)
    assert new.shape == PRIOR_SHAPE
    assert new.probability(5, 6.0) > 20 * known.probability(5, 6.0)
