"""What tone is usual of one company or topic, day by day, and how unusual a day is beside it.

The mean tone y of a day with n articles varies about the company's level by s^2 / w, where

    w = n / (1 + (n - 1) r)

is how many independent articles so many of one day are worth: they tell of the same events. The
level and s^2 have a normal and an inverse gamma prior from all companies together, worth four
articles and eight days, and the company's own days, older ones discounted. So what a day is before
it is known has Student's distribution, and its place there is told as a standard normal one's:

    t = (y - m) / (s sqrt(1/w + 1/k))        k = K0 + sum w,  nu = N0 + days
    z = sign(t) (8 nu + 1) / (8 nu + 3) sqrt(nu log(1 + t^2 / nu))

These z are independent and standard normal from the first day on, however short the history is.

Source: Hawkins 1987, The Statistician 36, 299-304 (charts that start themselves); Kish 1965, Survey
Sampling (what articles of one day are worth); Wallace 1959, Annals of Mathematical Statistics 30,
1124-1130 (Student's distribution as a normal one).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import copysign, log1p, sqrt
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.messages import Sentiment
from textwire.sentiment_alerts.surges.cell_tally import Negative

# Scores are added up as whole numbers of these: the sum is the same in any order.
TONE_UNIT = 1e-4
# How alike articles of one company and day are: five of them are worth 2.8, any number 5.
SAME_DAY = 0.2
PRIOR_ARTICLES, PRIOR_DAYS = 4.0, 8.0
# Before any company is known: neutral on the whole, and one article's score varies by half the way.
FIRST_MEAN, FIRST_VARIANCE, FIRST_DAYS = 0.0, 0.3, 20.0
# Days that follow one another are alike: their sum varies more than that of as many others, by half
# until it is known from so many sums of a week.
BLOCK_DAYS, FIRST_INFLATION, FIRST_BLOCKS = 7, 1.5, 20.0
POOLED_HALF_LIFE_DAYS = 90.0
# Negative articles of a day that are kept by name. An alert names no more than 50 in all.
KEPT_OF_DAY = 10


class Spoken(Protocol):
    """What is said on one day, copies left out: of a company, or of all together."""

    @property
    def articles(self) -> float:
        """How many."""
        ...

    @property
    def negative(self) -> float:
        """How many of them are."""
        ...

    @property
    def mean(self) -> float:
        """The mean score, from -1 to 1."""
        ...

    @property
    def weight(self) -> float:
        """How many independent articles it is worth."""
        ...

    @property
    def kept(self) -> Sequence[Negative]:
        """Negative ones, by name."""
        ...


class DayTone(msgspec.Struct, array_like=True):
    """What is said of a company or topic on one day, copies left out. `tone`: in TONE_UNIT."""

    articles: int = 0
    negative: int = 0
    tone: int = 0
    kept: list[Negative] = []

    @property
    def mean(self) -> float:
        """The mean score of its articles, from -1 to 1."""
        return self.tone * TONE_UNIT / self.articles

    @property
    def weight(self) -> float:
        """How many independent articles it is worth."""
        return self.articles / (1 + (self.articles - 1) * SAME_DAY)

    def add(self, label: Sentiment, score: float, sign: int = 1) -> None:
        """Count an article, or with a sign of -1 take one out."""
        self.articles += sign
        self.negative += sign * (label == "negative")
        self.tone += sign * round(score / TONE_UNIT)

    def keep(self, negative: Negative) -> None:
        """Keep an article by name while it is among the first ones, in whatever order they come."""
        kept = sorted([*self.kept, negative], key=lambda one: (one.at_ms, one.article_id))
        self.kept = kept[:KEPT_OF_DAY]

    def drop(self, article_id: str) -> None:
        """Let go of an article that is counted no more."""
        self.kept = [one for one in self.kept if one.article_id != article_id]


class Level(msgspec.Struct, frozen=True, array_like=True):
    """The mean of days, and what they hold; all but the mean fade where days are discounted.

    weight  independent articles. squares  weighted, about the mean.
    """

    weight: float = 0.0
    mean: float = 0.0
    squares: float = 0.0
    days: float = 0.0
    articles: float = 0.0
    negative: float = 0.0

    @property
    def share(self) -> float:
        """Of the articles, how many are negative; 0 without any."""
        return self.negative / self.articles if self.articles else 0.0

    def after(self, day: Spoken, kept: float = 1.0) -> Level:
        """With one more day. Args: kept: what each earlier day counts from now on."""
        weight, gap = kept * self.weight, day.mean - self.mean
        total = weight + day.weight
        return Level(
            total,
            self.mean + gap * day.weight / total,
            kept * self.squares + gap * gap * weight * day.weight / total,
            kept * self.days + 1,
            kept * self.articles + day.articles,
            kept * self.negative + day.negative,
        )


class Usual(NamedTuple):
    """What is expected of a company's next day."""

    mean: float
    variance: float  # of a day with one article
    weight: float  # independent articles that the mean is known by
    days: float  # that the variance is known by

    def spread(self, day: Spoken) -> float:
        """The deviation of such a day's mean tone, as far as all is known."""
        return sqrt(self.variance * (1 / day.weight + 1 / self.weight))

    def place(self, day: Spoken, tide: float) -> float:
        """Where a day lies, as a standard normal's z. Args: tide: of all other companies."""
        t = (day.mean - tide - self.mean) / self.spread(day)
        scale = (8 * self.days + 1) / (8 * self.days + 3)
        return copysign(scale * sqrt(self.days * log1p(t * t / self.days)), t)


class Block(msgspec.Struct, frozen=True, array_like=True):
    """The sum of a company's last z, up to a week of them."""

    places: float = 0.0
    days: int = 0

    def after(self, z: float) -> Block:
        """With one more; a full one begins anew."""
        return Block(z, 1) if self.days == BLOCK_DAYS else Block(self.places + z, self.days + 1)


class PooledTone(msgspec.Struct, frozen=True, array_like=True):
    """What days of all companies tell together; days fade by half in 90.

    squares, days    of each day about its company's level, in the variance of one article.
    sums, blocks     squares of the sums of seven z of a company, each over seven, and how many.
    keys             companies and topics that are tested.
    """

    weight: float = 0.0
    tone: float = 0.0
    squares: float = 0.0
    days: float = 0.0
    sums: float = 0.0
    blocks: float = 0.0
    keys: int = 0

    @property
    def mean(self) -> float:
        """The tone of all companies."""
        return (FIRST_MEAN * FIRST_DAYS + self.tone) / (FIRST_DAYS + self.weight)

    @property
    def variance(self) -> float:
        """Of one article about its company's level."""
        return (FIRST_VARIANCE * FIRST_DAYS + self.squares) / (FIRST_DAYS + self.days)

    @property
    def inflation(self) -> float:
        """By how much the variance of a long sum of z is greater than that of independent ones."""
        sums = FIRST_INFLATION * FIRST_BLOCKS + self.sums
        return max(1.0, sums / (FIRST_BLOCKS + self.blocks))

    def usual(self, level: Level) -> Usual:
        """What is expected of a company, from its own days and those of all."""
        weight, days = PRIOR_ARTICLES + level.weight, PRIOR_DAYS + level.days
        mean = (PRIOR_ARTICLES * self.mean + level.weight * level.mean) / weight
        variance = (PRIOR_DAYS * self.variance + level.squares) / days
        return Usual(mean, variance, weight, days)

    def faded(self, days: int) -> PooledTone:
        """So many days later."""
        kept = 0.5 ** (days / POOLED_HALF_LIFE_DAYS)
        return PooledTone(
            kept * self.weight,
            kept * self.tone,
            kept * self.squares,
            kept * self.days,
            kept * self.sums,
            kept * self.blocks,
            self.keys,
        )

    def one_more(self) -> PooledTone:
        """With one more company that is tested."""
        return replace(self, keys=self.keys + 1)

    def after(self, day: Spoken, level: Level, block: Block) -> PooledTone:
        """With one more day of a company.

        Args: level: before it. block: with it.
        """
        gap = day.mean - level.mean
        share = level.weight / (level.weight + day.weight)
        is_full = block.days == BLOCK_DAYS
        return PooledTone(
            self.weight + day.weight,
            self.tone + day.weight * day.mean,
            self.squares + gap * gap * day.weight * share,
            self.days + (level.days > 0),
            self.sums + (block.places**2 / BLOCK_DAYS if is_full else 0.0),
            self.blocks + is_full,
            self.keys,
        )


def tides(residuals: dict[str, tuple[float, float]], drawn: float) -> dict[str, float]:
    """By how much a day's tone is off its usual for all others, drawn to none by some articles.

    Args: residuals: of each company what its day is off, and the day's weight.
    """
    weight = sum(one[1] for one in residuals.values())
    off = sum(one[0] * one[1] for one in residuals.values())
    return {
        name: (off - own * share) / (weight - share + drawn)
        for name, (own, share) in residuals.items()
    }
