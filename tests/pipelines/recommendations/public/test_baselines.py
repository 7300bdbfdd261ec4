from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.recommendations.measures import ndcg
from pipelines.recommendations.public.baselines import (
    BASELINES,
    Baseline,
    Known,
    choose_options,
    ranks_by,
)
from pipelines.recommendations.public.cases import (
    TEST_FROM,
    Case,
    PurchaseLog,
    read_cases,
)
from pipelines.recommendations.replay import TextVectors
from tests.encoders import HashingEncoder


@pytest.fixture
def known(folder: Path) -> Known:
    log = PurchaseLog(folder, TEST_FROM).read()
    vectors = TextVectors.encode(HashingEncoder(), log.texts)
    return Known(log, vectors.rows([item.text for item in log.by_id.values()]))


@pytest.fixture
def cases(folder: Path) -> list[Case]:
    return read_cases(folder / "test.csv")


def test_nothing_from_after_the_division_is_counted(known: Known) -> None:
    assert known.bought.sum() == len(known.log.events)
    assert all(event.at < TEST_FROM for event in known.log.events)


def test_the_newest_of_a_history_weighs_most(known: Known, cases: list[Case]) -> None:
    case = next(case for case in cases if len(case.history) > 2)
    (row,) = known.recent([case], 0.5)
    assert row[known.places[case.history[-1].item_id]] >= 1.0
    assert row.sum() == sum(0.5**age for age in range(len(case.history)))


@pytest.mark.parametrize("baseline", BASELINES, ids=lambda one: one.name)
def test_every_way_gives_each_item_a_number(
    baseline: Baseline, known: Known, cases: list[Case]
) -> None:
    for options in baseline.variants[:2]:
        scores = baseline.scores(known, cases[:5], options)
        assert scores.shape == (5, len(known.places))
        assert np.isfinite(scores).all()


@pytest.mark.parametrize("baseline", BASELINES[1:], ids=lambda one: one.name)
def test_every_way_but_popularity_finds_what_is_of_the_users_kind(
    baseline: Baseline, known: Known, cases: list[Case]
) -> None:
    anew = {**baseline.variants[0], "anew": 1.0}
    by_chance = sum(1 / np.log2(1 + rank) for rank in range(1, 11)) / len(known.places)
    assert ndcg(ranks_by(baseline, known, cases, anew), 10) > 1.5 * by_chance


def test_what_was_bought_has_no_rank_unless_it_is_ranked_anew(
    known: Known, cases: list[Case]
) -> None:
    again = [case for case in cases if case.item_id in {e.item_id for e in case.history}]
    assert again
    for baseline in BASELINES:
        options = baseline.variants[0]
        assert ranks_by(baseline, known, again, {**options, "anew": 0.0}) == [None] * len(again)
        assert None not in ranks_by(baseline, known, again, {**options, "anew": 1.0})


def test_no_other_options_were_better_where_they_were_chosen(
    known: Known, cases: list[Case]
) -> None:
    chosen = choose_options(known, cases)
    for baseline in BASELINES:
        best = ndcg(ranks_by(baseline, known, cases, chosen[baseline.name]), 10)
        assert best >= max(
            ndcg(ranks_by(baseline, known, cases, {**options, "anew": anew}), 10)
            for options in baseline.variants
            for anew in (0.0, 1.0)
        )
