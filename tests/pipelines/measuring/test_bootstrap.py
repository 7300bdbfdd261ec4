"""How far a figure would move on other rows."""

import numpy as np
import pytest

from pipelines.measuring.bootstrap import chance_of_gain, mean_interval


def test_an_interval_holds_the_mean_and_narrows_with_rows() -> None:
    rng = np.random.default_rng(1)
    few, many = rng.random(50), rng.random(5_000)
    for scores in (few, many):
        interval = mean_interval(scores)
        assert interval.low < interval.mean < interval.high
        assert interval.mean == pytest.approx(scores.mean())
    assert mean_interval(many).high - mean_interval(many).low < 0.02


def test_the_interval_of_coin_throws_is_that_of_the_normal_law() -> None:
    scores = np.repeat([0.0, 1.0], 500)
    interval = mean_interval(scores)
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(1_000), rel=0.1)


def test_two_models_that_answer_alike_gain_nothing_for_sure() -> None:
    scores = np.random.default_rng(2).integers(0, 2, 40).astype(float)
    assert chance_of_gain(scores, scores, -0.01) == 1.0
    assert chance_of_gain(scores, scores, 0.001) == 0.0


def test_a_paired_gain_is_seen_where_rows_differ_much() -> None:
    # Each row is a little better, and rows are far apart: unpaired, this would drown.
    rng = np.random.default_rng(3)
    champion = rng.random(200)
    assert chance_of_gain(champion + 0.01, champion, 0.005) == 1.0
