"""What is kept of what was learned, and odds that are true: by the middle part of the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.measuring.calibration import fit_logistic
from pipelines.recommendations.conditional_logit import COLUMNS, PRIOR, WEIGHED
from pipelines.recommendations.examples import Ranked
from pipelines.recommendations.measures import ndcg, rank_among
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.prior import log_odds
from textwire.recommendations.ranking.ranker import ASKED, LOG_ODDS, Ranker

# So much better a larger model must be: within that it is chance.
LEAST_GAIN = 1.01
# Fewer lists for words do not teach what words mean.
LEAST_ASKED = 30


class Sum(NamedTuple):
    """A weighted sum that orders lists: of `WEIGHED`, (f,), and of the trees' log odds."""

    weights: NDArray[np.float64]
    trees: float = 0.0


def prior_sum() -> Sum:
    """The prior alone."""
    weights = np.zeros(len(WEIGHED))
    weights[PRIOR] = 1.0
    return Sum(weights)


def weighted(weights: NDArray[np.float64], features: Vectors) -> Vectors:
    """The sum for each of n items, (n,) float32; features: (n, len(FEATURES))."""
    sums: Vectors = (features[:, COLUMNS].astype(np.float64) @ weights).astype(np.float32)
    return sums


def choose_sum(rows: Sequence[Ranked], raw: Sequence[Vectors], sums: Sequence[Sum]) -> Sum:
    """The simplest of the sums that none after it beats clearly, by NDCG@10 of these lists.

    Args: raw: what the trees say of each list, (n,) in [0, 1]. sums: the simplest first.
    """
    best, best_value = sums[0], list_quality(rows, raw, sums[0])
    for one in sums[1:]:
        value = list_quality(rows, raw, one)
        if value > LEAST_GAIN * best_value:
            best, best_value = one, value
    return best


def list_quality(rows: Sequence[Ranked], raw: Sequence[Vectors], one: Sum) -> float:
    """NDCG@10 of the first liked item of each list, 0 where it was not found.

    Args: raw: as for `choose_sum`.
    """
    ranks: list[int | None] = []
    for row, said in zip(rows, raw, strict=True):
        if not row.moment.liked:
            continue
        places = [n for n, item in enumerate(row.items) if item.id == row.moment.liked[0]]
        scores = weighted(one.weights, row.features) + one.trees * log_odds(said)
        ranks.append(rank_among(scores, places[0]) if places else None)
    return ndcg(ranks, 10)


def calibrate(
    rows: Sequence[Ranked], raw: Sequence[Vectors], chosen: Sum, *, answers_words: bool
) -> Calibration:
    """The sum, brought to the odds at which things are liked when they serve (Platt 1999).

    Args: raw: as for `choose_sum`. answers_words: lists for words were among what it learned from.
    """
    features = np.vstack([row.features for row in rows])
    liked = np.concatenate([row.liked for row in rows])
    sums = weighted(chosen.weights, features)
    if chosen.trees:
        sums = sums + np.float32(chosen.trees) * log_odds(np.concatenate(raw))
    heard = np.ones(len(sums), dtype=bool)
    if not answers_words:
        heard = features[:, FEATURES.index(ASKED)] == 0.0
    scale, intercept = fit_platt(sums[heard], liked[heard])
    names: tuple[str, ...] = (LOG_ODDS, *WEIGHED)
    weights = (scale * chosen.trees, *(float(scale * weight) for weight in chosen.weights))
    if answers_words:
        names, weights = (*names, ASKED), (*weights, 0.0)
    return Calibration(names, weights, intercept)


def fit_platt(odds: Vectors, liked: NDArray[np.bool_]) -> tuple[float, float]:
    """A weight and an intercept.

    Args: odds: (n,) float32. liked: (n,) bool.
    """
    if liked.all() or not liked.any():
        return 1.0, 0.0
    fitted = fit_logistic((LOG_ODDS,), odds[:, None], liked)
    # A negative weight would turn the list around: then the odds know nothing of the order.
    return max(fitted.weights[0], 1e-3), fitted.intercept


def raw_of(graph: bytes, rows: Sequence[Ranked]) -> list[Vectors]:
    """What the trees say of each list, (n,) float32 in [0, 1]."""
    ranker = Ranker("uncalibrated", graph, Calibration((LOG_ODDS,), (1.0,), 0.0))
    return [ranker.raw(row.features) for row in rows]


def lists_for_words(rows: Sequence[Ranked]) -> bool:
    """Whether enough of the lists were for something asked for in words."""
    asked = sum(bool(len(row.items)) and row.features[0, FEATURES.index(ASKED)] > 0 for row in rows)
    return bool(asked >= LEAST_ASKED)
