"""A fall of tone that stays, though no burst of articles tells of it: a chart of each company.

At the end of each day of the zone a company's mean tone stands at z beside what is usual of it
(`tone_level.py`), less what the day was off for all other companies. The chart adds up what speaks
for a fall by half a deviation over what speaks for none, and begins anew at 0:

    C = max(0, C + (-e z - e^2 / 2) / v)        e = D / sqrt(1/w + 1/k)

A day with more articles counts for more, as e grows with its weight w. v is what days that resemble
one another take from a sum of them. A fall is told once C passes log(B / (budget a day / keys)): of
days without a fall one in exp(C) brings so much, on the average, or fewer (Lorden 1971).

Once a fall is told the chart rests, and another one waits for a recovery by the same reckoning, the
level before against that of the fall. One that lasts for weeks becomes what is usual.

Source: Page 1954, doi:10.1093/biomet/41.1-2.100; Hawkins and Olwell 1998, Cumulative Sum Charts and
Charting for Quality Improvement, chapter 7 (self-starting charts); Lorden 1971,
doi:10.1214/aoms/1177693055 (the bound).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import log, sqrt
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.shifts.tone_level import (
    Block,
    DayTone,
    Level,
    PooledTone,
    Spoken,
    Usual,
    tides,
)
from textwire.sentiment_alerts.surges.cell_tally import Negative

# The fall that the chart is quickest to find, in deviations of a day with one article.
FALL = 0.5
# A single day says no more than this: scores have a bound, and tails are heavy all the same.
MOST_Z = 3.0
# What a day is off for all others is drawn to none by so many articles, as in `pooled_baseline`.
TIDE_ARTICLES = 8.0
# The budget is not shared among fewer companies than this.
FEWEST_KEYS = 20
LEAST_DAYS_BEFORE = 10  # with articles, before the level is one to fall from
LEAST_DAYS, LEAST_ARTICLES = 3, 6  # of the fall
LEAST_FALL = 0.15  # of a scale from -1 to 1: less is not worth anybody's time
# It is over when the days speak for the level before: when they are so much likelier there.
RECOVERED = log(100)
USUAL_AFTER_DAYS = 28
# What falls while a surge was told of, or so soon after, is the surge's fall.
SAME_FALL_DAYS = 7
NAMED_ARTICLES = 50
# What the bound leaves unused, as simulated: benchmarks/quality/tone_shifts.py.
UNUSED = 0.2


class ShiftRules(msgspec.Struct, frozen=True, kw_only=True):
    """When a tone has fallen.

    false_alarms_per_day  falls by chance that are put up with, of all keys together; 0: none is
                          looked for.
    half_life_days        days with articles after which one counts half in what is usual.
    """

    false_alarms_per_day: float = 0.1
    half_life_days: float = 60.0

    @property
    def kept(self) -> float:
        """What a day counts once it is a day older."""
        return float(0.5 ** (1 / self.half_life_days))

    def threshold(self, keys: int) -> float:
        """What the chart must pass."""
        return log(UNUSED * max(FEWEST_KEYS, keys) / self.false_alarms_per_day)


class Bounds(NamedTuple):
    """What a chart looks for, and what a fall must have to be told of.

    fall    what it is quickest to find, in deviations of a day with one article.
    most_z  a single day says no more than this.
    size    of a scale from -1 to 1: less is not worth anybody's time.
    share   of what is said, by how much more is negative.
    """

    fall: float
    most_z: float
    size: float
    share: float
    days_before: int
    days: int
    articles: int


COMPANY = Bounds(FALL, MOST_Z, LEAST_FALL, -1.0, LEAST_DAYS_BEFORE, LEAST_DAYS, LEAST_ARTICLES)


class Fall(msgspec.Struct, frozen=True, array_like=True):
    """The days since the chart was last at 0, or since a fall began that is told of."""

    since: int
    last: int
    days: Level = Level()
    kept: tuple[Negative, ...] = ()

    def after(self, day: int, tone: Spoken) -> Fall:
        """With one more day."""
        return Fall(
            self.since, day, self.days.after(tone), (*self.kept, *tone.kept)[:NAMED_ARTICLES]
        )


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A fall under way, or over.

    fall      all its days.
    low       its days up to the last one since which nothing speaks for a recovery: what is told.
    evidence  what the chart had come to.
    recovery  what speaks for the level before, in the last days.
    """

    raised: int
    before: Level
    usual: float
    variance: float
    fall: Fall
    low: Fall
    evidence: float
    recovery: float = 0.0


class ToneSeries(msgspec.Struct, frozen=True, kw_only=True):
    """A company's or a topic's chart. Days are numbered as `Timing.day` does.

    open     days that are not over yet.
    before   the level when the chart was last at 0.
    surged   the last day on which a surge was told of.
    told     whether the fall that is under way has an alert of its own, and no surge's.
    tested   whether it is one of those that share the budget.
    number   of its falls so far.
    """

    open: dict[int, DayTone] = {}
    level: Level = Level()
    before: Level = Level()
    chart: float = 0.0
    block: Block = Block()
    fall: Fall | None = None
    shift: Shift | None = None
    surged: int | None = None
    told: bool = False
    tested: bool = False
    number: int = 0


class ShiftTest:
    """What the days of one date are measured with."""

    def __init__(
        self, pooled: PooledTone, rules: ShiftRules, threshold: float, bounds: Bounds = COMPANY
    ) -> None:
        """Args: pooled: what was learned before that date. threshold: what a chart must pass."""
        self.pooled, self.rules = pooled, rules
        self.threshold, self.bounds = threshold, bounds
        self.inflation = pooled.inflation

    def usual(self, series: ToneSeries) -> Usual:
        """What is expected of a company."""
        return self.pooled.usual(series.level)

    def off(self, series: ToneSeries, tone: Spoken) -> float:
        """By how much a day is off what is usual of a company."""
        return tone.mean - self.usual(series).mean

    def step(self, series: ToneSeries, day: int, tone: Spoken, tide: float = 0.0) -> ToneSeries:
        """The series after a day that has articles, and on which no surge was told of."""
        if series.shift is not None:
            return replace(series, shift=self._gone_on(series.shift, day, tone, tide))
        return self._charted(series, day, tone, tide)

    def _charted(self, series: ToneSeries, day: int, tone: Spoken, tide: float) -> ToneSeries:
        usual, most = self.usual(series), self.bounds.most_z
        z = usual.place(tone, tide)
        effect = self.bounds.fall / sqrt(1 / tone.weight + 1 / usual.weight)
        place = min(max(z, -most), most)
        chart = max(0.0, series.chart + (-effect * place - effect * effect / 2) / self.inflation)
        level = series.level.after(tone, self.rules.kept)
        tested = series.tested or level.days >= self.bounds.days_before
        learned = replace(
            series, level=level, chart=chart, tested=tested, block=series.block.after(z)
        )
        if chart == 0.0:
            return replace(learned, before=learned.level, fall=None)
        begun = series.fall or Fall(day, day)
        before = series.before if series.fall else series.level
        learned = replace(learned, before=before, fall=begun.after(day, tone))
        return self._raised(learned, day) if self._is_fall(learned) else learned

    def _is_fall(self, series: ToneSeries) -> bool:
        fall, before, least = series.fall, series.before, self.bounds
        return (
            fall is not None
            and series.chart > self.threshold
            and before.days >= least.days_before
            and fall.days.days >= least.days
            and fall.days.articles >= least.articles
            and self.pooled.usual(before).mean - fall.days.mean >= least.size
            and fall.days.share - before.share >= least.share
        )

    def _raised(self, series: ToneSeries, day: int) -> ToneSeries:
        assert series.fall is not None  # noqa: S101 - asked for by whoever raises it
        usual = self.pooled.usual(series.before)
        shift = Shift(
            raised=day,
            before=series.before,
            usual=usual.mean,
            variance=usual.variance,
            fall=series.fall,
            low=series.fall,
            evidence=series.chart,
        )
        told = series.surged is None or series.fall.since > series.surged + SAME_FALL_DAYS
        return replace(
            series, shift=shift, fall=None, chart=0.0, told=told, number=series.number + 1
        )

    def _gone_on(self, shift: Shift, day: int, tone: Spoken, tide: float) -> Shift:
        low = shift.fall.days.mean
        off = tone.mean - tide - (shift.usual + low) / 2
        says = (shift.usual - low) * off * tone.weight / (shift.variance * self.inflation)
        recovery = max(0.0, shift.recovery + says)
        fall = shift.fall.after(day, tone)
        return replace(shift, fall=fall, low=shift.low if recovery else fall, recovery=recovery)


def step_together(
    series: Mapping[str, ToneSeries],
    spoken: Mapping[str, DayTone],
    day: int,
    pooled: PooledTone,
    rules: ShiftRules,
    topics: Collection[str] = (),
) -> tuple[dict[str, ToneSeries], PooledTone]:
    """All that have articles on a day after it, and what is known of all together then.

    Args: spoken: in an order that does not depend on that of the articles. topics: which of them
          are topics: those are what comes to all, and feel no tide.
    """
    test = ShiftTest(pooled, rules, rules.threshold(pooled.keys))
    off = {
        name: (test.off(series[name], tone), tone.weight)
        for name, tone in spoken.items()
        if name not in topics and series[name].shift is None
    }
    tide = tides(off, TIDE_ARTICLES)
    stepped: dict[str, ToneSeries] = {}
    for name, tone in spoken.items():
        before = series[name]
        stepped[name] = after = test.step(before, day, tone, tide.get(name, 0.0))
        if before.shift is None:
            pooled = pooled.after(tone, before.level, after.block)
        if after.tested and not before.tested:
            pooled = pooled.one_more()
    return stepped, pooled


def has_recovered(series: ToneSeries) -> bool:
    """Whether the tone is back where it was."""
    return series.shift is not None and series.shift.recovery > RECOVERED


def has_become_usual(series: ToneSeries, day: int) -> bool:
    """Whether the fall has lasted so long that it is the level from now on."""
    return series.shift is not None and day - series.shift.raised >= USUAL_AFTER_DAYS


def over(series: ToneSeries, *, to_before: bool) -> ToneSeries:
    """The series once its fall is over: at the level before, or at that of the fall."""
    assert series.shift is not None  # noqa: S101 - asked for by whoever ends it
    level = series.shift.before if to_before else series.shift.fall.days
    return replace(
        series,
        shift=None,
        fall=None,
        chart=0.0,
        told=False,
        level=level,
        before=level,
        block=Block(),
    )
