"""Logs whose users change, or do not, and what is fitted on them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.half_lives import (
    POPULARITY_GRID,
    fit_half_lives,
    most_probable,
    popularity_likelihoods,
)
from pipelines.recommendations.impressions import Moment, find_moments
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import KINDS, START, made, small_items
from textwire.recommendations.counts.popularity import PRIOR_WEIGHT, READ_DAYS
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.fading import DAY_S, faded
from textwire.recommendations.profiles.half_lives import HalfLives

GAP = timedelta(minutes=30)
USUAL = HalfLives(taste_days=7.0)


def shop(days: int, users: int, kind_of) -> ShopData:
    """Each user clicks on one thing a day, of the kind that is theirs on that day."""
    events = [
        made(user, "click", at(day, user), f"{kind_of(user, day)}{(day * 7 + user) % 10}")
        for day in range(days)
        for user in range(users)
    ]
    return ShopData(small_items(), events).checked()


def at(day: int, user: int) -> datetime:
    return START + timedelta(days=day, minutes=user)


def steady(user: int, day: int) -> str:
    return list(KINDS)[user % 3]


def fickle(user: int, day: int) -> str:
    """Another kind every three days."""
    return list(KINDS)[(user + day // 3) % 3]


def fitted(data: ShopData) -> HalfLives:
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    return fit_half_lives(data, find_moments(data, GAP), vectors, USUAL, seed=0)


def test_whose_users_change_forgets_sooner_than_whose_users_stay() -> None:
    changing, staying = fitted(shop(40, 20, fickle)), fitted(shop(40, 20, steady))
    assert changing.taste_days < USUAL.taste_days <= staying.taste_days


def test_a_short_log_is_held_to_the_usual() -> None:
    assert fitted(shop(3, 4, fickle)) == USUAL


def test_nothing_known_leaves_the_usual() -> None:
    assert most_probable({}, 7.0) == 7.0


@given(st.lists(st.floats(-1e3, 0), min_size=6, max_size=6), st.sampled_from(POPULARITY_GRID))
def test_no_half_life_that_is_further_off_and_no_more_probable_is_chosen(values, usual) -> None:
    likelihoods = dict(zip(POPULARITY_GRID, values, strict=True))
    chosen = most_probable(likelihoods, usual)
    for days, value in likelihoods.items():
        if abs(math.log2(days / usual)) < abs(math.log2(chosen / usual)):
            assert likelihoods[chosen] > value


def test_popularity_is_as_probable_as_counting_it_anew_at_each_moment() -> None:
    data = shop(20, 6, fickle)
    moments = [moment for moment in find_moments(data, GAP) if moment.liked]
    found = popularity_likelihoods(data, moments)
    for days in (0.25, 2.0, 7.0):
        anew = sum(_counted(data, moment, days) for moment in moments)
        assert found[days] == pytest.approx(anew)


def _counted(data: ShopData, moment: Moment, days: float) -> float:
    sums: dict[str, float] = {}
    for event in data.events[: moment.place]:
        age = (moment.at - event.at).total_seconds() / DAY_S
        if age <= READ_DAYS:
            left = event_weight(event) * faded(age, days)
            sums[event.item_id] = sums.get(event.item_id, 0.0) + left
    own = sums.get(moment.liked[0], 0.0) + PRIOR_WEIGHT
    return math.log(own / (sum(sums.values()) + PRIOR_WEIGHT * len(data.by_id)))
