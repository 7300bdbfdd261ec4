"""From scores to probabilities, and from probabilities to a threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from textwire.models.artifacts.manifest import Calibration

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def fit_calibration(
    features: Sequence[dict[str, float]], right: Bools, weights: Floats | None = None
) -> Calibration:
    """Logistic regression from features to whether the first candidate is right (Platt 1999).

    Where all of n are right, or none is, nothing tells them apart: then each has the same
    confidence, (n + 1) / (n + 2) or 1 / (n + 2), by Laplace's rule of succession.

    Args: features: n rows of one form. right: (n,) bool.
          weights: (n,) float64, how often each row counts; None: once.
    """
    if right.all() or not right.any():
        return _constant(tuple(features[0]), (int(right.sum()) + 1) / (len(right) + 2))
    names = tuple(features[0])
    columns = np.array([[row[name] for name in names] for row in features])
    return fit_logistic(names, columns, right, weights)


def centred(
    calibration: Calibration, features: Sequence[dict[str, float]], right: Bools
) -> Calibration:
    """The same weights, with the intercept by which the mean confidence is the part that is right.

    For one that was fitted on more wrong answers than will come (Saerens et al. 2002).

    Args: features: n rows of those that will come. right: (n,) bool.
    """
    if right.all() or not right.any():
        return calibration
    columns = np.array([[row[name] for name in calibration.features] for row in features])
    scores = columns @ np.array(calibration.weights)
    reach = float(np.abs(scores).max()) + math.log(len(right)) + 1.0
    intercept = brentq(lambda b: float((_sigmoid(scores + b) - right).mean()), -reach, reach)
    return Calibration(calibration.features, calibration.weights, float(intercept))


def _sigmoid(logits: Floats) -> Floats:
    odds: Floats = 0.5 * (1.0 + np.tanh(0.5 * logits))
    return odds


def _constant(names: tuple[str, ...], confidence: float) -> Calibration:
    return Calibration(names, (0.0,) * len(names), math.log(confidence / (1 - confidence)))


def fit_logistic(
    names: Sequence[str],
    columns: Floats | NDArray[np.float32],
    right: Bools,
    weights: Floats | None = None,
) -> Calibration:
    """Logistic regression, hardly held back (Platt 1999).

    Args:   names: of f features. columns: (n, f) float. right: (n,) bool, of both kinds.
            weights: (n,) float64, how often each row counts; None: once.
    """
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(columns, right, sample_weight=weights)
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
