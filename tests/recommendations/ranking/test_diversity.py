"""Diversity: relevance first, then difference."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import unit_vectors
from textwire.recommendations.ranking.diversity import diversified

TWINS = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
SCORES = np.array([0.9, 0.8, 0.5], dtype=np.float32)


def test_a_twin_of_the_first_waits() -> None:
    assert diversified(SCORES, TWINS, 3, trade_off=0.5) == [0, 2, 1]


def test_with_a_trade_off_of_one_the_scores_alone_count() -> None:
    assert diversified(SCORES, TWINS, 3, trade_off=1.0) == [0, 1, 2]


def test_scores_that_are_all_the_same_are_told_apart_by_difference() -> None:
    assert diversified(np.full(3, 0.2, dtype=np.float32), TWINS, 2, trade_off=0.7) == [0, 2]


@given(st.integers(0, 12), st.integers(0, 15), st.floats(0, 1), st.integers(0, 99))
def test_places_are_different_and_the_best_comes_first(n, k, trade_off, seed) -> None:
    scores = np.random.default_rng(seed).random(n).astype(np.float32)
    chosen = diversified(scores, unit_vectors(n, seed=seed), k, trade_off)
    assert len(chosen) == len(set(chosen)) == min(n, k)
    if chosen:
        assert chosen[0] == int(np.argmax(scores))


def test_what_scores_half_of_its_neighbour_is_not_put_before_it() -> None:
    scores = np.array([0.9, 0.5, 0.0099, 0.0049], dtype=np.float32)
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert diversified(scores, vectors, 4, trade_off=0.0) == [0, 1, 2, 3]


@given(st.integers(0, 30), st.integers(0, 15), st.floats(0, 1), st.integers(0, 99))
def test_a_short_list_is_the_beginning_of_a_long_one(n, k, trade_off, seed) -> None:
    scores = np.random.default_rng(seed).random(n).astype(np.float32)
    vectors = unit_vectors(n, seed=seed)
    long = diversified(scores, vectors, 200, trade_off)
    assert diversified(scores, vectors, k, trade_off) == long[:k]


def test_equal_scores_stand_in_the_order_of_their_match() -> None:
    match = np.array([0.1, 0.9, 0.5], dtype=np.float32)
    equal = np.full(3, 0.2, dtype=np.float32)
    assert diversified(equal, TWINS, 3, trade_off=1.0, match=match) == [1, 2, 0]


def test_of_variants_the_best_stands_for_all() -> None:
    groups = ["polo", "polo", None]
    assert diversified(SCORES, TWINS, 3, trade_off=1.0, groups=groups) == [0, 2]


def test_items_of_an_empty_group_are_no_variants_of_one_another() -> None:
    groups = ["", "", ""]
    assert len(diversified(SCORES, TWINS, 3, trade_off=1.0, groups=groups)) == 3
