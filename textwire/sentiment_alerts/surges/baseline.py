"""How many negative articles a key usually has, and how improbable a count is beside that.

The count of a key in a cell is Poisson with a rate of its own, times a factor of the hour of the
day that all keys share. The rate has a Gamma distribution: a prior from all keys of its kind, and
the key's own cells, older ones discounted. So the count of a window is negative binomial:

    rate ~ Gamma(a, b)          a = A0 + sum d^age * count,  b = A0 / m + sum d^age * season
    X    ~ NegBin(a, b / (b + w))                            w = sum of season over the window
    p    = P(X >= x)

with m the mean rate of all keys of the kind; a and b are scaled down together where a is above 100.
A key that is new has little beside its prior, and so
a broad prediction.

Source: West and Harrison 1997, Bayesian Forecasting and Dynamic Models, chapter 10 (discounting);
Noufaily et al. 2013, doi:10.1002/sim.5595 (negative binomial thresholds for surveillance).
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p
from typing import NamedTuple

# Companies differ widely in how often they are in the news: the exponential's shape, and broader.
PRIOR_SHAPE = 0.5
# A rate is never known better than to a tenth: days differ in more than their hours.
MOST_SHAPE = 100.0
NEGLIGIBLE = 1e-13


class Rate(NamedTuple):
    """A Gamma distribution of a key's negative articles in one cell of an average hour."""

    shape: float
    exposure: float

    @property
    def mean(self) -> float:
        """Expected articles a cell."""
        return self.shape / self.exposure

    def probability(self, count: int, window: float) -> float:
        """P(X >= count) for a window of `window` average cells."""
        return negative_binomial_tail(count, self.shape, self.exposure, window)


def rate_of(counted: float, exposure: float, kind_mean: float) -> Rate:
    """The rate of a key whose discounted cells hold so many articles, given the mean of its kind.

    Args: exposure: discounted cells, each times its season. kind_mean: articles a cell, above 0.
    """
    shape = PRIOR_SHAPE + counted
    blurred = min(1.0, MOST_SHAPE / shape)
    return Rate(blurred * shape, blurred * (PRIOR_SHAPE / kind_mean + exposure))


def negative_binomial_tail(count: int, shape: float, exposure: float, window: float) -> float:
    """P(X >= count) for Poisson counts over `window` whose rate is Gamma(shape, exposure).

    The shorter side is summed: terms are positive, so nothing cancels where p is small.
    """
    if count <= 0:
        return 1.0
    if window <= 0:
        return 0.0
    share = window / (exposure + window)
    mean = shape * window / exposure
    if count > mean:
        return min(1.0, _upper(count, shape, share))
    return max(0.0, 1.0 - _lower(count, shape, share))


def _log_term(count: int, shape: float, share: float) -> float:
    ways = lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
    return ways + shape * log1p(-share) + count * log(share)


def _upper(count: int, shape: float, share: float) -> float:
    """The sum from `count` on: each term is the one before times a ratio that falls to `share`."""
    term = exp(_log_term(count, shape, share))
    total = 0.0
    while term > NEGLIGIBLE * total:
        total += term
        term *= (count + shape) / (count + 1) * share
        count += 1
    return total


def _lower(count: int, shape: float, share: float) -> float:
    """The sum below `count`."""
    return sum(exp(_log_term(below, shape, share)) for below in range(count))
