from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.recommendations.measures import (
    equal_mass_ece,
    hit_rate,
    list_metrics,
    ndcg,
    odds_metrics,
    rank_among,
    reciprocal_rank,
)

RANKS = st.lists(st.none() | st.integers(1, 30), max_size=20)


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_a_rank_counts_who_is_before_and_half_of_who_is_equal() -> None:
    assert rank_among(scores(0.9, 0.5, 0.1), 0) == 1
    assert rank_among(scores(0.9, 0.5, 0.1), 2) == 3
    assert rank_among(scores(0.5, 0.5, 0.5), 1) == 2
    assert rank_among(scores(0.5, 0.5), 0) == 2


def test_each_measure_is_its_definition() -> None:
    ranks = [1, 3, None, 11]
    assert hit_rate(ranks, 10) == 2 / 4
    assert ndcg(ranks, 10) == pytest.approx((1 + 1 / math.log2(4)) / 4)
    assert reciprocal_rank(ranks, 10) == pytest.approx((1 + 1 / 3) / 4)
    assert list_metrics(ranks, (1, 10))["hr_at_1"] == 1 / 4


@given(RANKS, st.integers(1, 30))
def test_measures_lie_within_bounds_in_their_order_and_grow_with_the_list(
    ranks: list[int | None], k: int
) -> None:
    assert 0 <= reciprocal_rank(ranks, k) <= ndcg(ranks, k) <= hit_rate(ranks, k) <= 1
    for measure in (hit_rate, ndcg, reciprocal_rank):
        assert measure(ranks, k) <= measure(ranks, k + 1) + 1e-12


def test_without_lists_there_is_nothing_to_measure() -> None:
    assert list_metrics([]) == {"hr_at_10": 0.0, "ndcg_at_10": 0.0, "mrr_at_10": 0.0}


def test_odds_that_hold_have_no_calibration_error() -> None:
    liked = np.arange(400) % 4 == 0
    assert equal_mass_ece(np.full(400, 0.25, np.float32), liked) == pytest.approx(0.0, abs=1e-6)
    assert equal_mass_ece(np.full(400, 0.75, np.float32), liked) == pytest.approx(0.5, abs=1e-6)


def test_odds_are_told_beside_those_of_always_saying_the_mean() -> None:
    liked = np.array([True, False, False, False])
    told = odds_metrics(scores(0.9, 0.1, 0.1, 0.1), liked)
    assert told["auc"] == 1.0
    assert told["log_loss"] < told["log_loss_of_mean"]
    assert told["liked_part"] == 0.25
