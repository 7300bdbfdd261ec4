"""When a tone has fallen, and when that is over; and how often chance alone says so."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from benchmarks.quality.tone_shifts import DAYS, WORLDS, Fell, World, chart_alarms, tone_days
from textwire.sentiment_alerts.shifts.tone_level import DayTone, PooledTone
from textwire.sentiment_alerts.shifts.tone_shift import (
    FEWEST_KEYS,
    LEAST_DAYS_BEFORE,
    SAME_FALL_DAYS,
    USUAL_AFTER_DAYS,
    ShiftRules,
    ToneSeries,
    has_become_usual,
    has_recovered,
    over,
    step_together,
)

RULES = ShiftRules()
UP, DOWN = (0.5, 0.1, 0.4, 0.2), (-0.4, -0.6, -0.2, -0.5)


class Company:
    """One whose days are tested one by one."""

    def __init__(self) -> None:
        self.series, self.pooled, self.day = ToneSeries(), PooledTone(), 0

    def spend(self, days: int, tones: tuple[float, ...], articles: int = 2) -> Company:
        for _ in range(days):
            mean = tones[self.day % len(tones)]
            tone = DayTone(articles, articles if mean < 0 else 0, round(mean * 10_000) * articles)
            stepped, self.pooled = step_together(
                {"a": self.series}, {"a": tone}, self.day, self.pooled.faded(1), RULES
            )
            self.series = stepped["a"]
            self.day += 1
        return self


def test_a_tone_that_stays_as_it_was_raises_nothing() -> None:
    assert Company().spend(200, UP).series.number == 0


def test_a_tone_that_falls_and_stays_down_is_told_within_days() -> None:
    company = Company().spend(60, UP).spend(10, DOWN)
    shift = company.series.shift
    assert shift is not None
    assert (company.series.number, company.series.told) == (1, True)
    assert 60 + 3 <= shift.raised + 1 <= 70
    assert shift.fall.since in range(57, 62)
    assert shift.usual == pytest.approx(0.3, abs=0.06)
    assert shift.fall.days.mean == pytest.approx(-0.42, abs=0.1)


def test_one_bad_day_is_no_fall_however_bad_and_however_many_articles_it_has() -> None:
    company = Company().spend(60, UP).spend(1, (-1.0,), articles=200).spend(30, UP)
    assert company.series.number == 0


def test_too_short_a_history_is_none_to_fall_from() -> None:
    company = Company().spend(LEAST_DAYS_BEFORE - 2, UP).spend(30, DOWN)
    assert company.series.number == 0


def test_more_articles_a_day_tell_sooner() -> None:
    def raised(articles: int) -> int:
        shift = Company().spend(60, UP, articles).spend(28, (-0.1, 0.0), articles).series.shift
        return shift.raised if shift else DAYS

    assert raised(8) < raised(1)


def test_a_fall_is_over_when_the_tone_is_back_and_then_another_one_can_be_told() -> None:
    company = Company().spend(60, UP).spend(10, DOWN)
    assert not has_recovered(company.series)
    company.spend(12, UP)
    assert has_recovered(company.series)
    company.series = over(company.series, to_before=True)
    assert company.series.level.mean == pytest.approx(0.3, abs=0.06)
    assert company.spend(10, UP).spend(10, DOWN).series.number == 2


def test_a_fall_that_lasts_becomes_what_is_usual() -> None:
    company = Company().spend(60, UP).spend(10 + USUAL_AFTER_DAYS, DOWN)
    assert has_become_usual(company.series, company.day)
    company.series = over(company.series, to_before=False)
    assert company.series.level.mean == pytest.approx(-0.42, abs=0.05)
    assert company.spend(60, DOWN).series.number == 1


@pytest.mark.parametrize("days", [0, SAME_FALL_DAYS + 3])
def test_what_falls_at_a_surge_is_told_by_the_surge_alone(days: int) -> None:
    company = Company().spend(60, UP)
    company.series = replace(company.series, surged=company.day - 1)
    company.spend(days, UP).spend(10, DOWN)
    assert company.series.number == 1
    assert company.series.told is (days > 0)


def test_what_comes_to_all_companies_at_once_is_no_fall_of_one() -> None:
    falls = [Fell(str(n), 100, 0.5) for n in range(30)]

    def found(fallen: list[Fell]) -> list[bool]:
        days = tone_days(World(2.0), 3, fallen, companies=len(falls), days=130)
        alarms = chart_alarms(days, RULES)
        return [any(fell.has(alarm) for alarm in alarms) for fell in falls]

    assert found(falls[:1])[0]
    assert sum(found(falls)) <= 2


def test_the_budget_is_shared_among_those_that_are_tested() -> None:
    few, many = RULES.threshold(1), RULES.threshold(200)
    assert few == RULES.threshold(FEWEST_KEYS)
    assert many > few


def test_a_series_is_the_same_after_it_was_stored() -> None:
    series = Company().spend(60, UP).spend(7, DOWN).series
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(series), type=ToneSeries) == series


@pytest.mark.parametrize(
    ("world", "rate"),
    [
        ("independent days", 0.3),
        ("independent days", 15.0),
        ("days alike, 0.5", 15.0),
        ("days alike, 0.8", 2.0),
        ("heavy tails", 2.0),
        ("one tide for all", 2.0),
        ("all three", 15.0),
    ],
)
def test_chance_raises_no_more_falls_than_the_budget(world: str, rate: float) -> None:
    """A year of fifty companies, whose days are alike, heavy-tailed, or move together."""
    moves = replace_rate(WORLDS[world], rate)
    alarms = chart_alarms(tone_days(moves, 11, companies=50), RULES)
    assert len(alarms) <= DAYS * RULES.false_alarms_per_day


def replace_rate(world: World, rate: float) -> World:
    return World(rate, world.alike, world.tail, world.common)
