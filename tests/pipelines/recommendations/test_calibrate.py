"""Odds: too high before, true after; and what was learned is kept where it is better."""

import numpy as np

from pipelines.recommendations.calibrate import (
    Sum,
    calibrate,
    choose_sum,
    fit_platt,
    lists_for_words,
    prior_sum,
)
from pipelines.recommendations.conditional_logit import WEIGHED, fit_weights
from pipelines.recommendations.examples import Ranked
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.measures import equal_mass_ece
from tests.pipelines.recommendations.small_shop import START
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import Item
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.prior import log_odds
from textwire.recommendations.ranking.ranker import ASKED, sigmoid

ITEMS = [Item(id=f"i{n}", title=f"Item {n}") for n in range(20)]


def lists_by(name: str, count: int = 200, seed: int = 0) -> list[Ranked]:
    """In each list the item is next that has most of a feature."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        features = rng.normal(size=(len(ITEMS), len(FEATURES))).astype(np.float32)
        features[:, FEATURES.index(ASKED)] = 0.0
        best = int(np.argmax(features[:, FEATURES.index(name)]))
        moment = Moment(number, "u", START, None, (ITEMS[best].id,), (), START)
        rows.append(Ranked(moment, ITEMS, features, np.arange(len(ITEMS)) == best))
    return rows


def even(rows: list[Ranked]) -> list[Vectors]:
    return [np.full(len(row.items), 0.5, dtype=np.float32) for row in rows]


def test_odds_that_were_too_high_become_true() -> None:
    rng = np.random.default_rng(0)
    true = rng.beta(1, 20, size=20_000).astype(np.float32)
    liked = rng.random(len(true)) < true
    high = 5 * true / (1 - true + 5 * true)
    weight, intercept = fit_platt(log_odds(high), liked)
    assert equal_mass_ece(high, liked) > 0.05
    assert equal_mass_ece(sigmoid(weight * log_odds(high) + intercept), liked) < 0.005


def test_scores_that_know_nothing_of_the_order_do_not_turn_it_around() -> None:
    odds = np.linspace(-2, 2, 100, dtype=np.float32)
    assert fit_platt(odds, odds < 0)[0] > 0


def test_what_was_learned_is_kept_only_where_it_is_better() -> None:
    weights = np.zeros(len(WEIGHED))
    weights[WEIGHED.index("taken")] = 1.0
    sums = [prior_sum(), Sum(weights)]
    by_prior, by_taken = lists_by("prior"), lists_by("taken")
    assert choose_sum(by_prior, even(by_prior), sums) is sums[0]
    assert choose_sum(by_taken, even(by_taken), sums) is sums[1]


def test_weights_find_what_decides_and_without_lists_the_prior_stands() -> None:
    weights = fit_weights(lists_by("taken"))
    assert int(np.argmax(weights)) == WEIGHED.index("taken")
    np.testing.assert_array_equal(fit_weights([]), prior_sum().weights)
    left_out = fit_weights(lists_by("taken"), without=("taken",))
    assert left_out[WEIGHED.index("taken")] == 0.0


def test_a_calibration_names_what_it_weighs_and_whether_words_were_learned_from() -> None:
    rows = lists_by("prior")
    silent = calibrate(rows, even(rows), prior_sum(), answers_words=lists_for_words(rows))
    assert silent.features == ("log_odds", *WEIGHED)
    heard = calibrate(rows, even(rows), prior_sum(), answers_words=True)
    assert heard.features[-1] == ASKED
