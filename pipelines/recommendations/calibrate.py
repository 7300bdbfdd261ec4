"""From the trees' odds to odds that are true: fitted on the middle part of the time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.calibration import fit_logistic
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import served_rows
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.trees import UNCALIBRATED, stacked
from textwire.models.encoder import Vectors
from textwire.models.manifest import Calibration
from textwire.recommendations.ranker import LOG_ODDS, Ranker, log_odds


def calibrate(
    graph: bytes,
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_life_days: float,
) -> Calibration:
    """Fitted on everything that could be offered at these moments."""
    rows = list(served_rows(data, moments, vectors, half_life_days))
    features, liked = stacked(rows)
    return fit_platt(Ranker("uncalibrated", graph, UNCALIBRATED).raw(features), liked)


def fit_platt(raw: Vectors, liked: NDArray[np.bool_]) -> Calibration:
    """From the trees' odds to those at which things are liked when they serve (Platt 1999).

    The trees saw few of the items that were not liked, so their own odds are too high.

    Args: raw: (n,) float32, the trees' probabilities. liked: (n,) bool.
    """
    fitted = fit_logistic((LOG_ODDS,), log_odds(raw)[:, None], liked)
    # A negative weight would turn the list around: then the odds know nothing of the order.
    weight = max(fitted.weights[0], 1e-3)
    return Calibration(fitted.features, (weight,), fitted.intercept)
