"""One number that makes a classifier as sure as it is right (Guo et al. 2017, arXiv:1706.04599)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors

# A step of 1 %: finer than what a hundred held-out texts can tell.
TRIED = np.geomspace(0.1, 10.0, 461)


def fit_label_temperature(logits: Vectors, labels: NDArray[np.int64]) -> float:
    """The temperature under which the right labels are likeliest.

    Args: logits: (n, labels) float32. labels: (n,) int64, the right columns.
    """
    rows = np.arange(len(labels))

    def loss(temperature: float) -> float:
        scaled = logits.astype(np.float64) / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        log_p = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-log_p[rows, labels].mean())

    return _least(loss)


def fit_topic_temperature(logits: Vectors, right: NDArray[np.bool_]) -> float:
    """The same for classes each of which may be right.

    Args: logits: (n, topics) float32. right: (n, topics) bool.
    """
    signed = np.where(right, logits, -logits).astype(np.float64)
    # -log sigmoid(x) = log(1 + exp(-x)), in the form that overflows nowhere.
    return _least(lambda temperature: float(np.logaddexp(0.0, -signed / temperature).mean()))


def _least(loss: Callable[[float], float]) -> float:
    return float(min(TRIED, key=loss))
