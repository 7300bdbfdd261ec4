"""A fall of the tone of all companies together: the chart of `tone_shift.py`, with one series.

What differs: a day is made of voices (`market_day.py`), and counts for the more the more there are;
a single day of a crash may be enough; and the day that is not over is looked at every hour, less
what days are usually off by then. That costs no false alarms: the chart's exp(C) is a likelihood
ratio, which without a fall stays what it is on the average, whether a day is looked at once or
article by article (Ville 1939).

A fall is told of only where more voices than usual are negative too: a tone that falls since a few
are spoken worse of is theirs.
"""

from __future__ import annotations

from math import log
from typing import Literal

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.messages import ArticleSentiment
from textwire.sentiment_alerts.shifts.market_day import MarketDay, MarketTone
from textwire.sentiment_alerts.shifts.tone_level import PooledTone
from textwire.sentiment_alerts.shifts.tone_shift import (
    Bounds,
    ShiftRules,
    ShiftTest,
    ToneSeries,
)

Scope = Literal["all", "market"]  # all companies and stories; those that tell of the market itself

# Half of what the tone of all fell by in a crash: benchmarks/quality/market_falls.py.
MARKET = Bounds(fall=0.25, most_z=4.0, size=0.08, share=0.05, days_before=10, days=1, articles=12)
# Fewer voices on a day are no market.
LEAST_VOICES = 8
WORST = 12
# Mornings are as dark as whole days until so many voices were heard in mornings.
HOUR_VOICES = 100.0
# The scopes share the budget, of which the bound leaves this unused, as simulated there.
SCOPES: tuple[Scope, ...] = ("all", "market")
UNUSED = 0.4


class MarketRules(msgspec.Struct, frozen=True, kw_only=True):
    """When the market has fallen.

    false_alarms_per_day  falls by chance that are put up with; 0: none is looked for.
    left_out              topics: an article that is about these alone, and names no company, says
                          nothing of all together.
    topics                an article whose likeliest topic is one of these tells of the market
                          itself.
    """

    false_alarms_per_day: float = 0.02
    left_out: tuple[str, ...] = ("crime", "other", "politics", "sport")
    topics: tuple[str, ...] = ("markets",)

    @property
    def threshold(self) -> float:
        """What each chart must pass."""
        return log(UNUSED * len(SCOPES) / self.false_alarms_per_day)

    def scopes(self, sentiment: ArticleSentiment) -> list[Scope]:
        """To what an article belongs."""
        topics = {one.topic for one in sentiment.topics}
        is_left_out = not sentiment.entities and bool(topics) and topics <= set(self.left_out)
        found: list[Scope] = [] if is_left_out else ["all"]
        first = sentiment.topics[0].topic if sentiment.topics else None  # the likeliest
        return [*found, "market"] if first in self.topics else found


class MarketSeries(msgspec.Struct, frozen=True, kw_only=True):
    """The chart of all together.

    series  as of a company. pooled  its own variance and how alike its days are.
    hours   by hour of the day, of how many voices and by how much days are off by then.
    worst   the companies spoken worst of, on the last day that is part of a fall.
    """

    series: ToneSeries = msgspec.field(default_factory=ToneSeries)
    pooled: PooledTone = PooledTone()
    hours: dict[int, tuple[float, float]] = {}
    worst: tuple[str, ...] = ()

    def faded(self, days: int) -> MarketSeries:
        """So many days later."""
        return replace(self, pooled=self.pooled.faded(days))

    def off_by(self, hour: int) -> float:
        """By how much a day is usually off by an hour, drawn to nothing by some voices."""
        voices, off = self.hours.get(hour, (0.0, 0.0))
        return off * voices / (voices + HOUR_VOICES)


def look_at_today(
    before: MarketSeries, day: MarketDay, number: int, hour: int, rules: MarketRules
) -> MarketSeries:
    """The series as it would be if what there is of a day by an hour were all of it."""
    tone = day.tone()
    so_far = tone._replace(mean=tone.mean - before.off_by(hour))
    return _step(before, day, so_far, number, rules)


def step_market(
    before: MarketSeries, day: MarketDay, number: int, rules: MarketRules
) -> MarketSeries:
    """The series after a day."""
    tone = day.tone()
    after = _step(before, day, tone, number, rules)
    kept, hours = ShiftRules().kept, dict(before.hours)
    for hour, (voices, mean) in day.by_hour.items():
        earlier, off = hours.get(hour, (0.0, 0.0))
        total = kept * earlier + voices
        if total:
            hours[hour] = total, off + (mean - tone.mean - off) * voices / total
    return replace(after, hours=hours)


def _step(
    before: MarketSeries, day: MarketDay, tone: MarketTone, number: int, rules: MarketRules
) -> MarketSeries:
    if tone.articles < LEAST_VOICES:
        return before
    series = before.series
    test = ShiftTest(before.pooled, ShiftRules(), rules.threshold, MARKET)
    after = test.step(series, number, tone)
    is_learned = series.shift is None
    pooled = before.pooled.after(tone, series.level, after.block) if is_learned else before.pooled
    is_low = after.shift is not None and after.shift.low.last == number
    worst = day.worst(WORST) if is_low else before.worst
    return replace(before, series=after, pooled=pooled, worst=worst)
