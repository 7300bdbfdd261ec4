from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.public.cases import (
    TEST_FROM,
    Case,
    PurchaseLog,
    read_cases,
    sample_cases,
)
from pipelines.recommendations.public.evaluate import FOR_EVER
from pipelines.recommendations.public.served import (
    ServedModel,
    measure_served,
    measure_text_match,
    occasions,
)
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import FEATURES


class ByMatch:
    """A ranker that goes by the match of texts alone."""

    name = "match"

    def score(self, features: Vectors) -> Vectors:
        scores: Vectors = np.clip(features[:, FEATURES.index("text_match")], 0.0, 1.0)
        return scores


@pytest.fixture
def everything(folder: Path) -> ShopData:
    return PurchaseLog(folder, FOR_EVER).read()


@pytest.fixture
def cases(folder: Path) -> list[Case]:
    return sample_cases(read_cases(folder / "test.csv"), None, 0)


def model_of(data: ShopData) -> ServedModel:
    vectors = TextVectors.encode(HashingEncoder(), data.texts).as_served(data)
    return ServedModel(vectors, ByMatch(), HalfLives())


def test_lists_hold_what_is_of_the_users_kind(everything: ShopData, cases: list[Case]) -> None:
    figures = measure_served(model_of(everything), everything, cases, lambda _: TEST_FROM, (10,))
    assert figures["hr_at_10"] > 0.4
    assert figures["hr_at_10"] <= figures["candidate_recall"]
    by_text = measure_text_match(
        model_of(everything), everything, cases, lambda _: TEST_FROM, (10,)
    )
    assert by_text["hr_at_10"] > 0.4


def test_of_a_user_the_log_before_the_division_and_the_given_history_are_known_once(
    everything: ShopData, cases: list[Case]
) -> None:
    found = occasions(model_of(everything), everything, cases, lambda _: TEST_FROM)
    for case, occasion in zip(cases, found, strict=True):
        assert occasion.query.profile is not None
        assert occasion.query.profile.events == len(case.history)


def test_of_others_nothing_after_the_division_is_known_unless_followed(
    everything: ShopData, cases: list[Case]
) -> None:
    model, late = model_of(everything), cases[-1:]
    assert late[0].at > TEST_FROM + timedelta(days=20)
    (frozen,) = occasions(model, everything, late, lambda _: TEST_FROM)
    (following,) = occasions(model, everything, late, lambda case: case.at)
    assert frozen.moment.place < following.moment.place
    assert all(event.at < late[0].at for event in everything.events[: following.moment.place])


def test_a_case_without_a_history_gets_a_list_all_the_same(everything: ShopData) -> None:
    case = Case("new", TEST_FROM, [], "3")
    figures = measure_served(model_of(everything), everything, [case], lambda _: TEST_FROM, (10,))
    assert figures["candidate_recall"] in (0.0, 1.0)


def test_a_sample_of_cases_is_the_same_each_time_and_in_order(cases: list[Case]) -> None:
    few = sample_cases(cases, 5, seed=1)
    assert few == sample_cases(cases, 5, seed=1) != sample_cases(cases, 5, seed=2)
    assert len(few) == 5
    assert few == sorted(few, key=lambda case: case.at)
    assert sample_cases(cases, 10_000, seed=1) == cases
