"""How sure a classifier must be of a class that may be right beside others, chosen by F1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from textwire.models.engines.encoder import Vectors

TRIED_THRESHOLDS = np.arange(0.1, 0.91, 0.05)
# A class has a dozen texts to choose its threshold on. So its own best one and that of all classes
# together are met halfway.
OWN_PART = 0.5


def choose_thresholds(probabilities: Vectors, right: NDArray[np.bool_]) -> list[float]:
    """For each class the least probability to name it with, by F1.

    Args: probabilities: (n, classes) float32. right: (n, classes) bool.
    """
    if not right.size:
        return []
    shared = _best([f1(probabilities >= t, right) for t in TRIED_THRESHOLDS], 0.5)
    chosen = []
    for column, true in zip(probabilities.T, right.T, strict=True):
        own = _best([f1(column >= t, true) for t in TRIED_THRESHOLDS], shared)
        chosen.append(round(OWN_PART * own + (1 - OWN_PART) * shared, 3))
    return chosen


def f1(given: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """F1 over all decisions.

    Args: given, right: bool, of one shape.
    """
    return float(f1_score(right.ravel(), given.ravel(), zero_division=0.0))


def _best(scores: Sequence[float], wished: float) -> float:
    """The threshold of the best score; of several, the one nearest to the wished one."""
    best = TRIED_THRESHOLDS[np.array(scores) == max(scores)]
    return float(best[np.abs(best - wished).argmin()])
