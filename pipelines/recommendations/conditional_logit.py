"""The ranker's weighted sum: which of the items that were looked at is next.

    P(item i of a list) = exp(w x_i) / sum_j exp(w x_j)

The weights begin at the prior's alone and are held near to it, so that a small log changes little.

Source: McFadden 1974, "Conditional logit analysis of qualitative choice behavior".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from pipelines.recommendations.examples import Ranked
from textwire.recommendations.ranking.features import FEATURES

# What has a scale that holds in every list. The others are left to the trees.
WEIGHED = (
    "prior",
    "together",
    "alike",
    "taken",
    "item_model",
    "text_match",
    "recent_match",
    "nearest_step",
    "bought_before",
    "category_affinity",
    "tag_affinity",
    "context_match",
    "popularity",
    "appeal",
    "seen_before",
)
COLUMNS = [FEATURES.index(name) for name in WEIGHED]
PRIOR = WEIGHED.index("prior")
# As if so many lists had said that the prior is right, on features of unit spread.
HELD = 3.0

Floats = NDArray[np.float64]


def fit_weights(rows: Sequence[Ranked], without: Sequence[str] = ()) -> Floats:
    """A weight for each of `WEIGHED`, (f,) float64.

    Args: rows: lists; those in which nothing was liked say nothing. without: names that get no
          weight.
    """
    lists = [row for row in rows if row.liked.any() and not row.liked.all()]
    start = np.zeros(len(WEIGHED))
    start[PRIOR] = 1.0
    if not lists:
        return start
    columns = np.vstack([row.features[:, COLUMNS] for row in lists]).astype(np.float64)
    spread = columns.std(axis=0)
    used = (spread > 1e-6) & ~np.isin(WEIGHED, list(without))
    scale = np.where(used, spread, 1.0)
    scaled = np.where(used, columns / scale, 0.0)
    begins = np.cumsum([0, *(len(row.liked) for row in lists)])
    liked = np.concatenate([row.liked for row in lists])
    held = start * scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = _choice_loss(scaled, liked, begins, weights)
        off = np.where(used, weights - held, 0.0)
        return value + HELD * float(off @ off), slope + 2.0 * HELD * off

    found = minimize(loss, held, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    weights: Floats = np.where(used, found.x / scale, start)
    return weights


def _choice_loss(
    columns: Floats, liked: NDArray[np.bool_], begins: NDArray[np.int64], weights: Floats
) -> tuple[float, Floats]:
    """The negative log likelihood of what was liked, and its slope, (f,)."""
    sums = columns @ weights
    starts, lengths = begins[:-1], np.diff(begins)
    highest = np.repeat(np.maximum.reduceat(sums, starts), lengths)
    grown = np.exp(sums - highest)
    parts = grown / np.repeat(np.add.reduceat(grown, starts), lengths)
    # Several that were liked in a list share what one would weigh.
    shares = liked / np.repeat(np.add.reduceat(liked.astype(np.float64), starts), lengths)
    value = -float(shares @ np.log(np.maximum(parts, 1e-300)))
    slope: Floats = columns.T @ (parts - shares)
    return value, slope
