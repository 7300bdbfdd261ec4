"""The comparison of what finds falls of tone, on a few companies."""

from __future__ import annotations

import numpy as np

from benchmarks.quality.tone_shifts import (
    FALL_DAYS,
    Alarm,
    Fell,
    World,
    alarms_of,
    at_equal_cost,
    chart_alarms,
    ewma_scores,
    false_alarms,
    planned,
    told,
    tone_days,
    week_scores,
)
from textwire.sentiment_alerts.shifts.tone_shift import ShiftRules

FELL = Fell("3", 150, 0.5)


def test_simple_scores_are_high_where_a_tone_has_fallen() -> None:
    random = np.random.default_rng(1)
    articles = random.poisson(4, 200).astype(float)
    tone = articles * (0.3 - 0.6 * (np.arange(200) >= 150) + random.normal(0, 0.1, 200))
    for score in (week_scores, ewma_scores):
        assert int(np.argmax(score(tone, articles))) in range(150, 175)


def test_the_chart_finds_a_fall_that_was_put_in() -> None:
    days = tone_days(World(8.0), 5, [FELL], companies=10, days=190)
    assert any(FELL.has(alarm) for alarm in chart_alarms(days, ShiftRules()))


def test_what_belongs_to_no_fall_is_a_false_alarm() -> None:
    alarms = [Alarm("3", 149), Alarm("3", 150), Alarm("3", 150 + FALL_DAYS), Alarm("4", 160)]
    assert false_alarms(alarms, [FELL]) == 3


def test_days_in_a_row_are_one_alarm() -> None:
    scores = {"3": np.array([0.0, 5.0, 5.0, 5.0] + [0.0] * 40 + [5.0])}
    assert alarms_of(scores, 4.0) == [Alarm("3", 1), Alarm("3", 44)]


def test_a_threshold_is_the_lowest_that_costs_no_more() -> None:
    scores = {"3": np.array([0.0, 2.0] + [0.0] * 148 + [3.0])}
    assert at_equal_cost(scores, [FELL], allowed=0) == [Alarm("3", 150)]
    assert len(at_equal_cost(scores, [FELL], allowed=1)) == 2


def test_a_row_tells_what_was_found_by_size_and_how_soon() -> None:
    row = told("chart", [[Alarm("3", 154), Alarm("9", 3)]], [[FELL, Fell("5", 130, 0.2)]])
    assert row == "| chart | 0 of 1 | 0 of 0 | 1 of 1, 5 d | 1 |"


def test_falls_leave_room_to_be_found() -> None:
    fallen = planned(1)
    assert len(fallen) == 50
    assert all(120 <= fell.day <= 360 - FALL_DAYS for fell in fallen)
