"""How often chance alone raises an alert: the stated budget, checked by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.pooled_baseline import PooledBaseline
from textwire.sentiment_alerts.surges import (
    WHOLE,
    EntitySeries,
    Negative,
    Rules,
    SeriesState,
    SurgeTest,
    step,
)

COMPANIES = 100
DAYS = 12
WARM_DAYS = 2
# Articles a day by hour: a wire's night is quiet.
HOURS = 1 + 0.8 * np.sin((np.arange(24) - 8) / 24 * 2 * np.pi)


def alarms_a_day(seed: int, rules: Rules, mean_a_day: float, planted: int | None = None) -> float:
    """Surges begun a day after the first days, of companies that differ widely in their rates."""
    timing = Timing()
    random = np.random.default_rng(seed)
    rates = random.gamma(0.7, mean_a_day / 0.7, COMPANIES) / timing.cells_per_day
    first = 1000 * timing.cells_per_day
    pooled = PooledBaseline.beginning(first, first - timing.window + 1, timing)
    discount = rules.discount(timing)
    groups = [EntitySeries(name=str(n), kind="company") for n in range(COMPANIES)]
    begun = 0
    for cell in range(first, first + DAYS * timing.cells_per_day):
        hour = HOURS[cell // timing.cells_per_hour % 24]
        counts = random.poisson(rates * hour)
        surge_test = SurgeTest(pooled, timing, rules, cell + 1)
        folded = 0.0
        for n in np.flatnonzero(counts):
            groups[n] = with_articles(groups[n], int(counts[n]), cell, timing, pooled)
        for n, series in enumerate(groups):
            if series.is_active:
                groups[n], counted = step(series, cell, surge_test)
                folded += counted.get("company", 0.0)
                is_new = groups[n].number > series.number
                begun += is_new and cell >= first + WARM_DAYS * timing.cells_per_day
        pooled.fold({"company": folded}, timing, discount)
    return begun / (DAYS - WARM_DAYS)


def with_articles(
    series: EntitySeries, count: int, cell: int, timing: Timing, pooled: PooledBaseline
) -> EntitySeries:
    at_ms = cell * timing.step_ms
    new = tuple(Negative(at_ms + n, f"{series.name}-{cell}-{n}", (), "t") for n in range(count))
    keys = series.keys
    if not keys:
        pooled.first_seen("company", cell, None)
        keys = {WHOLE: SeriesState("company", cell)}
    return EntitySeries(
        name=series.name,
        kind="company",
        keys=keys,
        negatives=(*series.negatives, *new),
        surged=series.surged,
        episode=series.episode,
        number=series.number,
    )


@pytest.mark.parametrize("mean_a_day", [3.0, 40.0])
def test_chance_raises_no_more_than_the_budget(mean_a_day: float) -> None:
    assert alarms_a_day(1, Rules(), mean_a_day) <= Rules().false_alarms_per_day


def test_a_larger_budget_is_used_and_kept() -> None:
    rules = Rules(false_alarms_per_day=20, least_articles=2, reopen_hours=1)
    assert 0.5 <= alarms_a_day(2, rules, 20.0) <= 20
