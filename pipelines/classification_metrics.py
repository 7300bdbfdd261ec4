"""How often, and how surely, a classifier is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from pipelines.calibration import expected_calibration_error
from textwire.models.encoder import Vectors

Places = NDArray[np.int64]


def measure_labels(probabilities: Vectors, labels: Places) -> dict[str, float]:
    """Accuracy, macro-F1 over the labels that occur, calibration error and Brier score.

    Args:   probabilities: (n, labels) float32. labels: (n,) int64, the right columns.
    Source: Brier 1950: the squared distance between probabilities and outcome, over all labels.
    """
    given = probabilities.argmax(axis=1)
    right = given == labels
    outcome = np.eye(probabilities.shape[1])[labels]
    confidences = probabilities.max(axis=1).astype(np.float64)
    return {
        "accuracy": float(right.mean()),
        "macro_f1": macro_f1(given, labels),
        "ece": expected_calibration_error(confidences, right),
        "brier": float(((probabilities - outcome) ** 2).sum(axis=1).mean()),
    }


def macro_f1(given: Places, labels: Places) -> float:
    """The mean F1 of the labels that occur.

    Args: given, labels: (n,) int64, columns as they are told and as they are right.
    """
    occurring = np.unique(labels)
    return float(f1_score(labels, given, labels=occurring, average="macro", zero_division=0.0))


def measure_topics(given: NDArray[np.bool_], right: NDArray[np.bool_]) -> dict[str, float]:
    """F1 over all decisions (micro), and the mean over topics that occur (macro).

    Args: given, right: (n, topics) bool.
    """
    occurring = right.any(axis=0)
    return {
        "micro_f1": float(f1_score(right, given, average="micro", zero_division=0.0)),
        "macro_f1": float(
            f1_score(right[:, occurring], given[:, occurring], average="macro", zero_division=0.0)
        ),
    }
