"""Odds: too high before, true after."""

import numpy as np

from pipelines.recommendations.calibrate import fit_platt
from pipelines.recommendations.measures import equal_mass_ece
from textwire.recommendations.ranker import calibrated


def test_odds_that_were_too_high_become_true() -> None:
    rng = np.random.default_rng(0)
    true = rng.beta(1, 20, size=20_000).astype(np.float32)
    liked = rng.random(len(true)) < true
    high = 5 * true / (1 - true + 5 * true)
    fitted = fit_platt(high, liked)
    odds = calibrated(high, fitted.weights[0], fitted.intercept)
    assert equal_mass_ece(high, liked) > 0.05
    assert equal_mass_ece(odds, liked) < 0.005


def test_trees_that_know_nothing_of_the_order_do_not_turn_it_around() -> None:
    raw = np.linspace(0.1, 0.9, 100, dtype=np.float32)
    fitted = fit_platt(raw, raw < 0.5)
    assert fitted.weights[0] > 0
