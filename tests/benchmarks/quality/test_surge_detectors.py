"""The comparison of surge detectors, on a small market."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.quality.surge_detectors import (
    CELL,
    Alarm,
    Injected,
    alarms_of,
    ewma_scores,
    false_alarms,
    inject,
    market_weeks,
    told,
    z_scores,
)

BEGINS = datetime(2026, 2, 2, tzinfo=UTC)


def test_simple_scores_are_high_where_an_hour_stands_out() -> None:
    counts = np.random.default_rng(1).poisson(0.05, 3000).astype(float)
    counts[2500] = 8
    for score in (z_scores, ewma_scores):
        assert int(np.argmax(score(counts)[1200:])) + 1200 in range(2500, 2506)


def test_an_alarm_soon_after_another_is_the_same() -> None:
    counts = np.zeros(3000)
    counts[[2000, 2010, 2500]] = 8
    alarms = alarms_of({"a": counts}, {"a": z_scores(counts)}, 3.0, BEGINS)
    assert [alarm.at for alarm in alarms] == [BEGINS + 2001 * CELL, BEGINS + 2501 * CELL]


def test_what_belongs_to_no_surge_is_false() -> None:
    surge = Injected("a", BEGINS, 5)
    alarms = [
        Alarm("a", BEGINS + timedelta(hours=1)),
        Alarm("b", BEGINS),
        Alarm("a", BEGINS - CELL),
    ]
    assert false_alarms(alarms, [surge]) == 2
    assert told("x", alarms, [surge]) == "| x | 1 of 1 | 0 of 0 | 0 of 0 | 2 | 60 min |"


def test_surges_are_put_into_the_later_weeks_of_companies_there_are() -> None:
    entries = market_weeks(3, 5, 60, seed=1)
    history, surges = inject(entries, 6, seed=2)
    assert len(history) == len(entries) + sum(surge.size for surge in surges)
    assert all(surge.begins >= BEGINS + timedelta(days=13) for surge in surges)
    assert {surge.company for surge in surges} <= {f"Company {n}" for n in range(5)}
