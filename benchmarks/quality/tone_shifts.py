"""Falls of tone found by the chart of `tone_shift.py`, a z-score and an EWMA; and by chance alone.

`python -m benchmarks.quality.tone_shifts`: days of companies that differ in how often they are in
the news and in how it speaks of them. First without any fall, in worlds whose days follow one
another alike, have heavy tails, or move for all companies together: alarms beside the budget. Then
falls that last four weeks are put in. The thresholds of the simple detectors are set so that they
raise as many false alarms as the chart does, or one; they ask for as much history and as many
articles.

Sources: Roberts 1959, doi:10.1080/00401706.1959.10489860 (EWMA charts); Hawkins and Olwell 1998.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textwire.sentiment_alerts.shifts.tone_level import TONE_UNIT, DayTone, PooledTone
from textwire.sentiment_alerts.shifts.tone_shift import (
    LEAST_ARTICLES,
    LEAST_DAYS_BEFORE,
    LEAST_FALL,
    ShiftRules,
    ToneSeries,
    has_become_usual,
    has_recovered,
    over,
    step_together,
)

DAYS, COMPANIES = 360, 100
FALL_DAYS = 28
SIZES = (0.2, 0.35, 0.5)
RATES = (0.3, 2.0, 15.0)
WEEK, PAST = 7, 60
EWMA_WEIGHT = 0.15
NEGATIVE = -0.3  # a score that counts as bad news

Array = NDArray[np.float64]
Days = Sequence[dict[str, DayTone]]


class Alarm(NamedTuple):
    """What a detector raised."""

    company: str
    day: int


@dataclass(frozen=True)
class Fell:
    """A fall that was put in."""

    company: str
    day: int
    size: float

    def has(self, alarm: Alarm) -> bool:
        """Whether an alarm belongs to it."""
        return alarm.company == self.company and self.day <= alarm.day < self.day + FALL_DAYS


@dataclass(frozen=True)
class World:
    """How tones move where nothing has happened.

    rate      articles a day and company, on the average.
    alike     how like the day before a day is: of an autoregressive process.
    tail      degrees of freedom of a day's tone; None: normal.
    common    deviation of what moves for all companies together.
    """

    rate: float
    alike: float = 0.0
    tail: float | None = None
    common: float = 0.0


WORLDS = {
    "independent days": World(0.0),
    "days alike, 0.5": World(0.0, alike=0.5),
    "days alike, 0.8": World(0.0, alike=0.8),
    "heavy tails": World(0.0, tail=3.0),
    "one tide for all": World(0.0, common=0.15),
    "all three": World(0.0, alike=0.5, tail=3.0, common=0.15),
}


def tone_days(
    world: World,
    seed: int,
    fallen: Sequence[Fell] = (),
    companies: int = COMPANIES,
    days: int = DAYS,
) -> list[dict[str, DayTone]]:
    """What each company has on each day."""
    random = np.random.default_rng(seed)
    shares = random.gamma(1.5, 1.0, companies)
    shares /= shares.mean()
    level, apart, tide = random.normal(0, 0.25, companies), np.zeros(companies), 0.0
    told: list[dict[str, DayTone]] = []
    for day in range(days):
        new = random.normal(size=companies)
        if world.tail is not None:
            new = random.standard_t(world.tail, companies) * np.sqrt(1 - 2 / world.tail)
        apart = world.alike * apart + 0.2 * np.sqrt(1 - world.alike**2) * new
        tide = 0.8 * tide + 0.6 * world.common * float(random.normal())
        counts = random.poisson(shares * world.rate)
        down = np.zeros(companies)
        for fell in fallen:
            down[int(fell.company)] -= fell.size * (fell.day <= day < fell.day + FALL_DAYS)
        told.append(
            {
                str(n): _day(float(level[n] + apart[n] + down[n] + tide), int(counts[n]), random)
                for n in np.flatnonzero(counts)
            }
        )
    return told


def chart_alarms(days: Days, rules: ShiftRules) -> list[Alarm]:
    """What the chart raises, day after day."""
    series: dict[str, ToneSeries] = {}
    pooled, alarms = PooledTone(), []
    for day, spoken in enumerate(days):
        before = {name: series.get(name, ToneSeries()) for name in spoken}
        after, pooled = step_together(before, spoken, day, pooled.faded(1), rules)
        alarms += [Alarm(name, day) for name in spoken if after[name].number > before[name].number]
        series |= after
        for name, one in series.items():
            if has_recovered(one) or has_become_usual(one, day):
                series[name] = over(one, to_before=has_recovered(one))
    return alarms


def week_scores(tone: Array, articles: Array) -> Array:
    """(n,): how far the mean of a week is below that of the weeks before, in their deviations."""
    sums, counts = _trailing(tone, WEEK), _trailing(articles, WEEK)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    scores = np.full(len(tone), -np.inf)
    for day in range(WEEK, len(tone)):
        past = means[max(0, day - WEEK - PAST) : day - WEEK + 1]
        past = past[~np.isnan(past)]
        mean = np.mean(past) if len(past) else np.nan
        if len(past) >= LEAST_DAYS_BEFORE and mean - means[day] >= LEAST_FALL:
            scores[day] = (mean - means[day]) / max(float(np.std(past)), 0.02)
    return np.where(counts >= LEAST_ARTICLES, scores, -np.inf)


def ewma_scores(tone: Array, articles: Array) -> Array:
    """(n,): the same of an exponentially weighted mean of days, beside all days so far."""
    scores = np.full(len(tone), -np.inf)
    smooth = mean = squares = 0.0
    for seen, day in enumerate(np.flatnonzero(articles)):
        value = tone[day] / articles[day]
        smooth = value if not seen else smooth + EWMA_WEIGHT * (value - smooth)
        if seen >= LEAST_DAYS_BEFORE and mean - smooth >= LEAST_FALL:
            deviation = max(float(np.sqrt(squares / (seen - 1))), 0.02)
            scores[day] = (mean - smooth) / deviation
        gap = value - mean
        mean += gap / (seen + 1)
        squares += gap * (value - mean)
    return np.where(_trailing(articles, FALL_DAYS) >= LEAST_ARTICLES, scores, -np.inf)


def alarms_of(scores: dict[str, Array], threshold: float) -> list[Alarm]:
    """Days on which a score passes a threshold, and did not in the four weeks before."""
    alarms = []
    for company, of_days in scores.items():
        last = -FALL_DAYS - 1
        for day in np.flatnonzero(of_days > threshold):
            if day - last > FALL_DAYS:
                alarms.append(Alarm(company, int(day)))
                last = int(day)
    return alarms


def false_alarms(alarms: Sequence[Alarm], fallen: Sequence[Fell]) -> int:
    """Those that belong to no fall."""
    return sum(not any(fell.has(one) for fell in fallen) for one in alarms)


def at_equal_cost(scores: dict[str, Array], fallen: Sequence[Fell], allowed: int) -> list[Alarm]:
    """With the lowest threshold that raises no more false alarms than are allowed."""
    for threshold in np.geomspace(0.3, 300, 150):
        alarms = alarms_of(scores, float(threshold))
        if false_alarms(alarms, fallen) <= allowed:
            return alarms
    return []


def planned(seed: int, companies: int = COMPANIES, days: int = DAYS) -> list[Fell]:
    """Falls of every second company, at any time after four months."""
    random = np.random.default_rng(seed)
    return [
        Fell(str(n), int(random.integers(120, days - FALL_DAYS)), SIZES[n // 2 % len(SIZES)])
        for n in range(0, companies, 2)
    ]


def told(name: str, alarms: Sequence[Sequence[Alarm]], fallen: Sequence[Sequence[Fell]]) -> str:
    """A detector's row: found by size with the median delay, false ones; of several worlds."""
    cells = []
    for size in SIZES:
        sought = [(n, fell) for n, some in enumerate(fallen) for fell in some if fell.size == size]
        delays = [
            min(found) - fell.day + 1
            for n, fell in sought
            if (found := [one.day for one in alarms[n] if fell.has(one)])
        ]
        days = f", {median(delays):.0f} d" if delays else ""
        cells.append(f"{len(delays)} of {len(sought)}{days}")
    false = sum(false_alarms(some, fallen[n]) for n, some in enumerate(alarms))
    return f"| {name} | {' | '.join(cells)} | {false} |"


def compare(rate: float, alike: float, seeds: Sequence[int]) -> Iterator[str]:
    """Rows of a table, the chart's first."""
    world = World(rate, alike=alike)
    fallen = [planned(seed) for seed in seeds]
    days = [tone_days(world, seed, fallen[n]) for n, seed in enumerate(seeds)]
    ours = [chart_alarms(one, ShiftRules()) for one in days]
    allowed = [max(1, false_alarms(one, fallen[n])) for n, one in enumerate(ours)]
    yield told("chart", ours, fallen)
    detectors: dict[str, Callable[[Array, Array], Array]] = {
        "z-score of a week": week_scores,
        "EWMA of days": ewma_scores,
    }
    for name, score in detectors.items():
        found = [
            at_equal_cost(_scored(one, score), fallen[n], allowed[n]) for n, one in enumerate(days)
        ]
        yield told(name, found, fallen)


def chance(seeds: Sequence[int]) -> Iterator[str]:
    """Rows of a table: alarms where nothing fell, of each world and rate."""
    for name, world in WORLDS.items():
        counts = []
        for rate in RATES:
            moved = World(rate, world.alike, world.tail, world.common)
            alarms = [chart_alarms(tone_days(moved, seed), ShiftRules()) for seed in seeds]
            counts.append(str(sum(map(len, alarms))))
        yield f"| {name} | {' | '.join(counts)} |"


def _scored(days: Days, score: Callable[[Array, Array], Array]) -> dict[str, Array]:
    names = sorted({name for day in days for name in day})
    scores = {}
    for name in names:
        own = [day.get(name, DayTone()) for day in days]
        tone = np.array([one.tone * TONE_UNIT for one in own])
        scores[name] = score(tone, np.array([float(one.articles) for one in own]))
    return scores


def _trailing(values: Array, width: int) -> Array:
    sums = np.cumsum(values)
    return np.asarray(sums - np.concatenate([np.zeros(width), sums[:-width]]))


def _day(mean: float, count: int, random: np.random.Generator) -> DayTone:
    scores = np.clip(min(max(mean, -0.95), 0.95) + 0.5 * random.normal(size=count), -1, 1)
    tone = int(np.round(scores / TONE_UNIT).sum())
    return DayTone(count, int((scores < NEGATIVE).sum()), tone)


def main() -> None:
    """Print the tables."""
    seeds = range(4)
    budget = len(seeds) * DAYS * ShiftRules().false_alarms_per_day
    print(f"Alarms by chance, for a budget of {budget:.0f}, by articles a day and company:\n")
    print("| world | " + " | ".join(map(str, RATES)) + " |\n|" + "---|" * (len(RATES) + 1))
    for row in chance(seeds):
        print(row, flush=True)
    for alike in (0.0, 0.5):
        for rate in RATES:
            print(f"\n{rate} articles a day and company, days alike by {alike}:\n")
            print("| detector | " + " | ".join(f"by {size}" for size in SIZES) + " | false |")
            print("|" + "---|" * (len(SIZES) + 2))
            for row in compare(rate, alike, seeds):
                print(row, flush=True)


if __name__ == "__main__":
    main()
