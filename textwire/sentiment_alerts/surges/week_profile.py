"""How busy each half hour of the week is, beside an average one.

The rate of a half hour is the product of three factors, each drawn to 1 by a few articles of its
own, so that a new feed has a profile within days and its weekends within weeks:

    s(d, h) = f(d) g(h) r(d, h)      f: of the day of the week, g: of the half hour of any day,
                                     r: of this one, beside what both say

A factor with n articles, where e were expected without it, is (n + k) / (e + k), the mean of a
Gamma(n + k, e + k): Poisson counts with a Gamma(k, k) prior. Its deviation, sqrt(n + k) / (e + k),
says how far it may be from that.

Source: Gelman et al. 2013, Bayesian Data Analysis, section 2.6 (Poisson counts, a Gamma prior).
"""

from __future__ import annotations

from math import exp, hypot, prod, sqrt
from typing import NamedTuple

import msgspec

from textwire.sentiment_alerts.event_time import HALF_HOURS, WeekTime

DAYS = 7
# As many articles draw a factor to 1.
PRIOR_ARTICLES = 4.0
# A week's cells are seen once a week, so they are forgotten so many times as slowly as others.
LASTS = 4.0
SEASON_LEAST, SEASON_MOST = 0.05, 100.0
# So many deviations above the likely one is what a season may be.
CAUTION = 1.0
MOST_DOUBT = 2.0
# Numbers are scaled down together before they grow too large.
LARGEST_WEIGHT = 1e6
LEAST_SHARE = 1e-9


class Factor(NamedTuple):
    """A factor, and its deviation as a share of it."""

    likely: float = 1.0
    deviation: float = 0.0


class Season(NamedTuple):
    """How busy a half hour is, and how busy it may be for all that is known."""

    likely: float
    at_most: float


class WeekProfile(msgspec.Struct, array_like=True):
    """Articles and cells of each half hour of the week, by day; older ones count less.

    What comes is added with a weight that grows, which is the same, and touches one number.
    """

    articles: list[list[float]]
    cells: list[list[float]]
    weight: float = 1.0

    @classmethod
    def unknown(cls) -> WeekProfile:
        """Nothing learned yet."""
        return cls(
            [[0.0] * HALF_HOURS for _ in range(DAYS)], [[0.0] * HALF_HOURS for _ in range(DAYS)]
        )

    def learn(self, at: WeekTime, articles: float, discount: float) -> None:
        """Learn from a cell. Args: discount: of the baselines; a profile lasts longer."""
        self.fade(discount)
        self.articles[at.day][at.half_hour] += self.weight * articles
        self.cells[at.day][at.half_hour] += self.weight

    def fade(self, share: float) -> None:
        """Let all count less, as much as makes other baselines count only this share."""
        self.weight /= max(share ** (1 / LASTS), LEAST_SHARE)
        if self.weight > LARGEST_WEIGHT:
            for day in (*self.articles, *self.cells):
                day[:] = [one / self.weight for one in day]
            self.weight = 1.0

    def season(self, at: WeekTime) -> Season:
        """How busy a half hour is, by all that was learned."""
        articles = [sum(day) / self.weight for day in self.articles]
        cells = [sum(day) / self.weight for day in self.cells]
        mean = sum(articles) / sum(cells) if sum(cells) else 0.0
        days = [_factor(n, mean * c) for n, c in zip(articles, cells, strict=True)]
        column = [day[at.half_hour] / self.weight for day in self.cells]
        usual = sum(day.likely * count for day, count in zip(days, column, strict=True))
        come = sum(day[at.half_hour] for day in self.articles) / self.weight
        half_hour = _factor(come, mean * usual)
        expected = mean * days[at.day].likely * half_hour.likely * column[at.day]
        rest = _factor(self.articles[at.day][at.half_hour] / self.weight, expected)
        factors = (days[at.day], half_hour, rest)
        likely = _bounded(prod(one.likely for one in factors))
        doubt = min(MOST_DOUBT, exp(CAUTION * hypot(*(one.deviation for one in factors))))
        return Season(likely, likely * doubt)


def _factor(articles: float, expected: float) -> Factor:
    shape, exposure = articles + PRIOR_ARTICLES, expected + PRIOR_ARTICLES
    return Factor(shape / exposure, 1 / sqrt(shape))


def _bounded(season: float) -> float:
    return min(SEASON_MOST, max(SEASON_LEAST, season))
