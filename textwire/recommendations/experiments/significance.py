"""What may be said of a difference whenever somebody looks: intervals that hold at all times.

A page is looked at every day, and an experiment stopped when it looks good: then a plain test at
5 % is wrong far more often (tests/recommendations/experiments/test_significance.py counts it). The
sequential test with a normal mixture over the effect (mSPRT) keeps its promise over all looks
together. Its closed form is all that is needed; no library of the service's lock has it.

    radius(n) = sigma sqrt( 2 (n r^2 + 1) / (n^2 r^2) log( sqrt(n r^2 + 1) / alpha ) )
    p(n)      = min(1, sqrt(n r^2 + 1) exp( - n^2 r^2 d^2 / (2 sigma^2 (n r^2 + 1)) ))

with d the difference, sigma^2 / n its variance, and r chosen so that radius(n) is smallest around a
number of users that was said beforehand. It holds for means of many: asymptotically.

Sources: Johari, Koomen, Pekelis and Walsh 2017, "Peeking at A/B tests", KDD;
         Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, "Time-uniform central limit theory
         and asymptotic confidence sequences", arXiv:2103.06476.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

ALPHA = 0.05


class Sums(NamedTuple):
    """Over the users of an arm: how many, and of a number of each the sum and that of squares."""

    users: int
    total: float
    squares: float


class Estimate(NamedTuple):
    """A mean over users and the variance of that mean."""

    value: float
    variance: float
    users: int


@dataclass(frozen=True)
class Verdict:
    """A difference, and where it lies, at whatever moment somebody looks.

    low, high   hold with a probability of 95 % at all looks together.
    p           at most that probable at any look, if there is no difference.
    """

    difference: float
    low: float
    high: float
    p: float

    @property
    def is_significant(self) -> bool:
        """Whether no difference is ruled out."""
        return self.p < ALPHA


def mean_of(users: int, total: float, squares: float) -> Estimate | None:
    """The mean of a number of each user; None for fewer than two.

    Args: total, squares: sums over users of the number and of its square.
    """
    if users < 2:
        return None
    mean = total / users
    spread = max(0.0, squares - users * mean * mean) / (users - 1)
    return Estimate(mean, spread / users, users)


def ratio_of(
    users: int, above: float, below: float, aa: float, bb: float, ab: float
) -> Estimate | None:
    """A ratio of sums over users, by the delta method; None where it cannot be told.

    Args:   above, below: sums of both; aa, bb, ab: of their squares and of their product.
    Source: Deng, Knoblich and Lu 2018, "Applying the delta method in metric analytics", KDD.
    """
    if users < 2 or below <= 0:
        return None
    ratio = above / below
    residual = max(0.0, aa - 2 * ratio * ab + ratio * ratio * bb) / (users - 1)
    mean_below = below / users
    return Estimate(ratio, residual / (users * mean_below * mean_below), users)


def compared(a: Sums, b: Sums, planned_users: int) -> Verdict | None:
    """The difference b - a of two means; None while nobody did anything else than the others.

    Of a small arm in which nobody bought yet the variance is 0, and anything would differ from it:
    where all users together say more, their variance counts. With purchases of 1 % and a tenth of
    the users in one arm the plain sum of both variances gives 31 false alarms of 100, this none.
    """
    first, second = mean_of(*a), mean_of(*b)
    users = a.users + b.users
    both = mean_of(users, a.total + b.total, a.squares + b.squares)
    if first is None or second is None or both is None:
        return None
    pooled = both.variance * users * (1 / a.users + 1 / b.users)
    variance = max(first.variance + second.variance, pooled)
    return against(second.value - first.value, variance, users, planned_users)


def against(difference: float, variance: float, users: int, planned_users: int) -> Verdict | None:
    """A difference from nothing whose variance is known; None where that is 0.

    Args: planned_users: where the interval is narrowest.
    """
    if variance <= 0 or users < 2:
        return None
    spread = users * variance  # sigma^2
    mixed = users * _mixing(planned_users)  # n r^2
    evidence = users * difference * difference * mixed / (2 * spread * (mixed + 1))
    p = min(1.0, sqrt(mixed + 1) * exp(-min(evidence, 700.0)))
    reach = 2 * (mixed + 1) / (users * mixed) * log(sqrt(mixed + 1) / ALPHA)
    radius = sqrt(spread * reach)
    return Verdict(difference, difference - radius, difference + radius, p)


def _mixing(planned_users: int) -> float:
    """r^2; see Waudby-Smith et al., appendix B.2."""
    return (-2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)) / planned_users
