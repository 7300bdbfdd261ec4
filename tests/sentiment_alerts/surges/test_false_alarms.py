"""How often chance alone raises an alert: the stated budget, checked by simulation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.surges.cell_tally import KEPT_ARTICLES, WHOLE, CellTally, Negative
from textwire.sentiment_alerts.surges.pooled_baseline import PooledBaseline
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.sentiment_alerts.surges.series import EntitySeries, SeriesState
from textwire.sentiment_alerts.surges.stepping import step
from textwire.sentiment_alerts.surges.surge_test import SurgeTest

NEW_YORK = ZoneInfo("America/New_York")
BUDGET_A_WEEK = 7 * Rules().false_alarms_per_day
Volume = Callable[[datetime], float]  # negative articles a cell, of all companies


class World:
    """Companies that differ widely in their rates, and share the hours of a calendar."""

    def __init__(self, volume: Volume, seed: int, rules: Rules, companies: int, zone: str) -> None:
        self.timing, self.rules, self.volume = Timing(zone=zone), rules, volume
        self.random = np.random.default_rng(seed)
        shares = self.random.gamma(0.7, 1.0, companies)
        self.shares = shares / shares.sum()
        self.series = [EntitySeries(name=str(n), kind="company") for n in range(companies)]

    def alarms(self, begins: datetime, days: int) -> NDArray[np.int64]:
        """(days,): surges begun on each of them."""
        timing, a_day = self.timing, self.timing.cells_per_day
        first = timing.cell(int(begins.timestamp() * 1000))
        pooled = PooledBaseline.beginning(first, first - timing.window + 1, timing)
        begun = np.zeros(days, dtype=np.int64)
        for cell in range(first, first + days * a_day):
            counts = self.random.poisson(self.shares * self.volume(timing.start(cell)))
            pooled.count(cell, int(counts.sum()))
            for n in np.flatnonzero(counts):
                self.series[n] = with_articles(self.series[n], int(counts[n]), cell, pooled, timing)
            begun[(cell - first) // a_day] += self._close(cell, pooled)
        return begun

    def _close(self, cell: int, pooled: PooledBaseline) -> int:
        surge_test, begun, folded = SurgeTest(pooled, self.timing, self.rules, cell + 1), 0, 0.0
        for n, series in enumerate(self.series):
            if series.is_active:
                self.series[n], counted = step(series, cell, surge_test)
                folded += counted.get("company", 0.0)
                begun += self.series[n].number > series.number
        pooled.fold({"company": folded}, self.timing, self.rules.discount(self.timing))
        return begun


def with_articles(
    series: EntitySeries, count: int, cell: int, pooled: PooledBaseline, timing: Timing
) -> EntitySeries:
    tally, at_ms = CellTally(), cell * timing.step_ms
    tally.counted(WHOLE).negative = count
    for n in range(min(count, KEPT_ARTICLES)):
        tally.keep(Negative(at_ms + n, f"{series.name}-{cell}-{n}", (), "t"))
    keys = series.keys
    if not keys:
        pooled.first_seen("company", cell, None)
        keys = {WHOLE: SeriesState("company", cell)}
    return replace(series, keys=keys, cells={**series.cells, cell: tally})


def day_and_night(a_day: float) -> Volume:
    """A wire's night is quiet."""
    hours = 1 + 0.8 * np.sin((np.arange(24) - 8) / 24 * 2 * np.pi)
    return lambda at: float(a_day / 144 * hours[at.hour])


def market_days(a_day: float) -> Volume:
    """Two in five articles of a weekday come within half an hour of New York's opening."""

    def volume(at: datetime) -> float:
        local = at.astimezone(NEW_YORK)
        around = 0.6 * a_day / 144 * (1.6 if 7 <= local.hour < 19 else 0.4)
        if local.weekday() >= 5:
            return 0.1 * around
        opens = 570 <= 60 * local.hour + local.minute < 600
        return around + opens * 0.4 * a_day / 3

    return volume


@pytest.mark.parametrize("a_day", [300.0, 4000.0])
def test_chance_raises_no_more_than_the_budget(a_day: float) -> None:
    world = World(day_and_night(a_day), 1, Rules(), 100, "UTC")
    alarms = world.alarms(datetime(2026, 3, 2, tzinfo=UTC), 10)
    assert alarms.sum() <= 10 * Rules().false_alarms_per_day


def test_a_larger_budget_is_used_and_kept() -> None:
    rules = Rules(false_alarms_per_day=20, least_articles=2, reopen_hours=1)
    alarms = World(day_and_night(2000.0), 2, rules, 100, "UTC").alarms(
        datetime(2026, 3, 2, tzinfo=UTC), 10
    )
    assert 5 <= alarms.sum() <= 200


@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
@pytest.mark.parametrize("a_day", [100.0, 300.0])
def test_ten_weeks_of_weekends_openings_and_a_change_of_clocks_keep_the_budget(
    zone: str, a_day: float
) -> None:
    """The clocks change in the fifth week; in UTC the opening is an hour sooner from then on."""
    world = World(market_days(a_day), 1, Rules(), 40, zone)
    weeks = world.alarms(datetime(2026, 2, 2, tzinfo=UTC), 70).reshape(10, 7).sum(axis=1)
    assert weeks.max() <= BUDGET_A_WEEK
    assert weeks.sum() <= BUDGET_A_WEEK  # far fewer than ten weeks may have
