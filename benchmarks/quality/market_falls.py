"""Falls of the tone of a whole market: told of by chance alone, and found where they were put in.

`python -m benchmarks.quality.market_falls`: days of voices in worlds where nothing falls, whose
days follow one another alike, have heavy tails, go dark at weekends or in the mornings; the chart
looks at each day six times, as the engine does every hour, and an alarm at any of these counts.
Then falls of a week are put in, at any hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from textwire.sentiment_alerts.shifts.market_day import MarketDay, MarketTone
from textwire.sentiment_alerts.shifts.market_fall import (
    SCOPES,
    MarketRules,
    MarketSeries,
    look_at_today,
    step_market,
)
from textwire.sentiment_alerts.shifts.tone_shift import has_become_usual, has_recovered, over

DAYS, LOOKS = 360, 6
RATES = (15, 60, 300)
SIZES = (0.1, 0.2, 0.3)
FALL_DAYS, EVERY_DAYS, FIRST_DAY = 7, 60, 60
USUAL, VOICES_APART, NEGATIVE = -0.05, 0.5, -0.3


@dataclass(frozen=True)
class World:
    """How the tone of all moves where nothing has happened.

    days      deviation of what a day has for all. alike: how like the day before that is.
    tail      degrees of freedom of it; None: normal.
    weekend   by how much darker two days of the week are, with a tenth of the voices.
    morning   by how much darker the first third of a day is than its rest.
    """

    days: float = 0.0
    alike: float = 0.0
    tail: float | None = None
    weekend: float = 0.0
    morning: float = 0.0


WORLDS = {
    "independent voices": World(),
    "days differ by 0.05": World(0.05),
    "days alike, 0.5": World(0.05, alike=0.5),
    "days alike, 0.8": World(0.05, alike=0.8),
    "heavy tails": World(0.05, tail=3.0),
    "dark weekends": World(weekend=0.15),
    "dark mornings": World(morning=0.1),
    "all of these": World(0.05, alike=0.5, tail=3.0, weekend=0.15, morning=0.1),
}


class Heard(MarketDay):
    """What came of a day so far, without its voices."""

    said: MarketTone = MarketTone(0.0, 0.0, 0.0)

    def tone(self) -> MarketTone:
        """All votes together."""
        return self.said


@dataclass(frozen=True)
class Fell:
    """A fall that was put in: from when on, in days, and by how much."""

    at: float
    size: float

    def down(self, at: float) -> float:
        """What it takes from the tone at a time."""
        return self.size if self.at <= at < self.at + FALL_DAYS else 0.0


def heard_days(
    world: World, rate: float, seed: int, fallen: Sequence[Fell] = (), days: int = DAYS
) -> Iterator[list[Heard]]:
    """Of each day what has come by each look, the whole day last."""
    random = np.random.default_rng(seed)
    moved = 0.0
    for day in range(days):
        new = float(random.normal() if world.tail is None else random.standard_t(world.tail))
        if world.tail is not None:
            new *= sqrt(1 - 2 / world.tail)
        moved = world.alike * moved + world.days * sqrt(1 - world.alike**2) * new
        is_weekend = bool(world.weekend) and day % 7 > 4
        tone = USUAL + moved - world.weekend * is_weekend
        count = int(random.poisson(rate / 10 if is_weekend else rate))
        at = day + np.sort(random.random(count))
        dark = np.where(at - day < 1 / 3, world.morning, 0.0)
        down = np.array([sum(fell.down(float(one)) for fell in fallen) for one in at])
        scores = np.clip(tone - dark - down + VOICES_APART * random.normal(size=count), -1, 1)
        by_hour: dict[int, tuple[float, float]] = {}
        looks = []
        for look in range(1, LOOKS + 1):
            said = _said(scores[at < day + look / LOOKS])
            looks.append(Heard(by_hour=dict(by_hour), said=said))
            by_hour[look] = said.articles, said.mean
        yield looks


def alarms(days: Iterator[list[Heard]], rules: MarketRules) -> list[float]:
    """When the chart raised something, in days."""
    market, raised = MarketSeries(), []
    for day, looks in enumerate(days):
        before = market.faded(1)
        market = step_market(before, looks[-1], day, rules)
        so_far = [
            look_at_today(before, heard, day, look, rules)
            for look, heard in enumerate(looks[:-1], 1)
        ]
        raised += [
            day + look / LOOKS
            for look, seen in enumerate([*so_far, market], 1)
            if seen.series.number > before.series.number
        ][:1]
        series = market.series
        if has_recovered(series) or has_become_usual(series, day):
            ended = over(series, to_before=has_recovered(series))
            market = replace(market, series=ended)
    return raised


def chance(rules: MarketRules, seeds: Sequence[int]) -> Iterator[str]:
    """Rows of a table: alarms where nothing fell, by world and rate."""
    for name, world in WORLDS.items():
        counts = [
            sum(len(alarms(heard_days(world, rate, seed), rules)) for seed in seeds)
            for rate in RATES
        ]
        yield f"| {name} | {' | '.join(map(str, counts))} |"


def found(rules: MarketRules, rate: float, size: float, seeds: Sequence[int]) -> str:
    """How many falls of a size were found, and after how long."""
    begins = range(FIRST_DAY, DAYS - FALL_DAYS, EVERY_DAYS)
    delays, sought = [], 0
    for seed in seeds:
        offsets = np.random.default_rng(seed).random(len(begins))
        fallen = [
            Fell(day + float(offset), size) for day, offset in zip(begins, offsets, strict=True)
        ]
        told = alarms(heard_days(WORLDS["days alike, 0.5"], rate, seed, fallen), rules)
        for fell in fallen:
            sought += 1
            own = [at - fell.at for at in told if 0 <= at - fell.at <= FALL_DAYS]
            delays += own[:1]
    after = f", {median(delays):.1f} d" if delays else ""
    return f"{len(delays)} of {sought}{after}"


def _said(scores: NDArray[np.float64]) -> MarketTone:
    mean = float(scores.mean()) if len(scores) else 0.0
    return MarketTone(float(len(scores)), float((scores < NEGATIVE).sum()), mean)


def main() -> None:
    """Print the tables."""
    seeds, rules = range(20), MarketRules()
    budget = len(seeds) * DAYS * rules.false_alarms_per_day / len(SCOPES)
    print(f"Alarms of one chart by chance, for a budget of {budget:.0f}, by voices a day:\n")
    print("| world | " + " | ".join(map(str, RATES)) + " |\n|" + "---|" * (len(RATES) + 1))
    for row in chance(rules, seeds):
        print(row, flush=True)
    print("\nFalls of a week, days alike by 0.5, found and after how many days:\n")
    print("| voices a day | " + " | ".join(f"by {size}" for size in SIZES) + " |")
    print("|" + "---|" * (len(SIZES) + 1))
    for rate in RATES:
        cells = [found(rules, rate, size, seeds[:5]) for size in SIZES]
        print(f"| {rate} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
