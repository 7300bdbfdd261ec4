"""From scores to probabilities, and from probabilities to a threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from textwire.models.manifest import Calibration

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def fit_calibration(features: Sequence[dict[str, float]], right: Bools) -> Calibration:
    """Logistic regression from features to whether the first candidate is right (Platt 1999).

    Where all of n are right, or none is, nothing tells them apart: then each has the same
    confidence, (n + 1) / (n + 2) or 1 / (n + 2), by Laplace's rule of succession.

    Args: features: n rows of one form. right: (n,) bool.
    """
    if right.all() or not right.any():
        return _constant(tuple(features[0]), (int(right.sum()) + 1) / (len(right) + 2))
    names = tuple(features[0])
    return fit_logistic(names, np.array([[row[name] for name in names] for row in features]), right)


def _constant(names: tuple[str, ...], confidence: float) -> Calibration:
    return Calibration(names, (0.0,) * len(names), math.log(confidence / (1 - confidence)))


def fit_logistic(
    names: Sequence[str], columns: Floats | NDArray[np.float32], right: Bools
) -> Calibration:
    """Logistic regression, hardly held back (Platt 1999).

    Args:   names: of f features. columns: (n, f) float. right: (n,) bool, of both kinds.
    """
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(columns, right)
    return Calibration(
        features=tuple(names),
        weights=tuple(float(weight) for weight in fitted.coef_[0]),
        intercept=float(fitted.intercept_[0]),
    )


def brier_score(confidences: Floats, right: Bools) -> float:
    """Mean squared distance between confidence and outcome; 0 is best (Brier 1950).

    Args: confidences: (n,) float64. right: (n,) bool.
    """
    return float(np.mean((confidences - right) ** 2))


def expected_calibration_error(confidences: Floats, right: Bools, bins: int = 10) -> float:
    """Mean distance between confidence and accuracy over equal-width bins (Naeini et al. 2015).

    Args: confidences: (n,) float64. right: (n,) bool.
    """
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [
        abs(confidences[places == place].mean() - right[places == place].mean())
        * (places == place).mean()
        for place in np.unique(places)
    ]
    return float(sum(gaps))


def risk_and_coverage(confidences: Floats, right: Bools, threshold: float) -> tuple[float, float]:
    """Part of wrong answers among those given, and part of the questions that get one.

    Args:   confidences: (n,) float64. right: (n,) bool.
    Source: El-Yaniv and Wiener 2010, JMLR 11.
    """
    answered = confidences >= threshold
    if not answered.any():
        return 0.0, 0.0
    return float((~right[answered]).mean()), float(answered.mean())


def choose_threshold(confidences: Floats, right: Bools, max_risk: float) -> float:
    """The least confidence at which the risk is at most `max_risk`; 1 where none is.

    Args: confidences: (n,) float64. right: (n,) bool.
    """
    for threshold in np.unique(confidences):
        risk, _ = risk_and_coverage(confidences, right, threshold)
        if risk <= max_risk:
            return float(threshold)
    return 1.0
