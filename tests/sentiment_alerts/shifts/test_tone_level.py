"""What tone is usual of a company, and where a day lies beside it."""

from __future__ import annotations

import random
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.shifts.tone_level import (
    KEPT_OF_DAY,
    Block,
    DayTone,
    Level,
    PooledTone,
    tides,
)
from textwire.sentiment_alerts.surges.cell_tally import Negative


def day(*scores: float) -> DayTone:
    tone = DayTone()
    for score in scores:
        tone.add("negative" if score < 0 else "positive", score)
    return tone


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_a_day_is_the_same_in_whatever_order_its_articles_came(
    scores: list[float], shuffle: random.Random
) -> None:
    other = list(scores)
    shuffle.shuffle(other)
    assert day(*other) == day(*scores)


def test_what_is_taken_out_again_leaves_nothing_behind() -> None:
    tone = day(0.3, -0.71234)
    tone.add("negative", -0.71234, -1)
    assert tone == day(0.3)


def test_the_first_articles_of_a_day_are_kept_by_name_in_whatever_order_they_come() -> None:
    articles = [Negative(n, f"a{n}", (), "t") for n in range(2 * KEPT_OF_DAY)]
    one, other = DayTone(), DayTone()
    for article in articles:
        one.keep(article)
    for article in reversed(articles):
        other.keep(article)
    assert one.kept == other.kept == articles[:KEPT_OF_DAY]
    one.drop("a3")
    assert "a3" not in [kept.article_id for kept in one.kept]


def test_many_articles_of_one_day_are_worth_five_at_most() -> None:
    weights = [day(*[0.1] * count).weight for count in (1, 5, 1000)]
    assert weights == pytest.approx([1.0, 25 / 9, 4.98], abs=0.01)


def test_a_level_is_the_weighted_mean_and_the_squares_about_it() -> None:
    level = Level()
    for score in (0.1, 0.5, -0.3, 0.2):
        level = level.after(day(score))
    assert level.mean == pytest.approx(fmean([0.1, 0.5, -0.3, 0.2]))
    assert level.squares == pytest.approx(4 * pstdev([0.1, 0.5, -0.3, 0.2]) ** 2)
    assert (level.weight, level.days, level.articles, level.negative) == (4, 4, 4, 1)


def test_older_days_fade_and_leave_the_mean_where_it_was() -> None:
    level = Level().after(day(0.4)).after(day(0.4), kept=0.5)
    assert level.mean == pytest.approx(0.4)
    assert (level.weight, level.days) == (1.5, 1.5)


def test_a_company_without_days_is_expected_to_be_as_all_are() -> None:
    pooled = PooledTone()
    for _ in range(100):
        pooled = pooled.after(day(0.3, 0.5), Level(), Block())
    assert pooled.usual(Level()).mean == pooled.mean == pytest.approx(0.36, abs=0.03)


def test_places_are_standard_normal_from_the_first_days_on() -> None:
    """Predicted, then learned: of 400 short histories the tenth day lies as any normal number."""
    source = random.Random(1)
    pooled = PooledTone()
    places = []
    for _ in range(400):
        level, own = Level(), source.gauss(0, 0.25)
        for number in range(10):
            one = day(own + source.gauss(0, 0.5))
            if number == 9:
                places.append(pooled.usual(level).place(one, 0.0))
            level = level.after(one)
    assert abs(fmean(places)) < 0.15
    assert 0.85 < pstdev(places) < 1.1
    assert max(map(abs, places)) < 4.5


def test_a_day_with_more_articles_lies_further_off_by_the_same_fall() -> None:
    usual = PooledTone().usual(Level(weight=40, mean=0.2, squares=8.0, days=30))
    one, many = usual.place(day(-0.4), 0.0), usual.place(day(*[-0.4] * 10), 0.0)
    assert many < one < 0


def test_days_that_are_alike_make_sums_wider_and_independent_ones_do_not() -> None:
    source = random.Random(2)

    def after(alike: float) -> float:
        pooled, block, z = PooledTone(), Block(), 0.0
        for _ in range(4000):
            z = alike * z + (1 - alike**2) ** 0.5 * source.gauss(0, 1)
            block = block.after(z)
            pooled = pooled.after(day(0.0), Level(), block)
        return pooled.inflation

    assert after(0.0) == pytest.approx(1.0, abs=0.15)
    assert after(0.7) > 2.5


def test_the_tide_of_a_company_is_that_of_all_others() -> None:
    tide = tides({"a": (-0.5, 4.0), "b": (-0.5, 4.0), "c": (0.0, 1.0)}, drawn=8.0)
    assert tide["c"] == pytest.approx(-4.0 / 16)
    assert tide["a"] == pytest.approx(-2.0 / 13)
    assert tides({"a": (-0.9, 5.0)}, drawn=8.0) == {"a": pytest.approx(0.0)}
