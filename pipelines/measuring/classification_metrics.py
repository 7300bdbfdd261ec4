"""How often, and how surely, a classifier is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from pipelines.measuring.calibration import expected_calibration_error
from textwire.models.engines.encoder import Vectors

Places = NDArray[np.int64]


def measure_labels(
    probabilities: Vectors, labels: Places, given: Places | None = None
) -> dict[str, float]:
    """Accuracy, macro-F1 over the labels that occur, calibration error and Brier score.

    Args:   probabilities: (n, labels) float32. labels: (n,) int64, the right columns.
            given: (n,) int64, the columns that are told; None: the likeliest.
    Source: Brier 1950: the squared distance between probabilities and outcome, over all labels.
    """
    likeliest = probabilities.argmax(axis=1)
    given = likeliest if given is None else given
    outcome = np.eye(probabilities.shape[1])[labels]
    confidences = probabilities.max(axis=1).astype(np.float64)
    return {
        "accuracy": float((given == labels).mean()),
        "macro_f1": macro_f1(given, labels),
        "ece": expected_calibration_error(confidences, likeliest == labels),
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
