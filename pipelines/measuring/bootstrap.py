"""How far a figure would move on other rows of the same kind (Efron 1979)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 2_000
CHUNK = 200  # draws at once: 200 of 10,000 rows are 16 MB


class Interval(NamedTuple):
    """A mean, and where 95 of 100 draws of as many rows have it."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_interval(scores: Floats, certainty: float = 0.95, seed: int = 0) -> Interval:
    """The mean and its percentile interval.

    Args: scores: (n,) float64, n > 0.
    """
    tail = (1 - certainty) / 2
    low, high = np.quantile(drawn_means(scores, seed), [tail, 1 - tail])
    return Interval(float(scores.mean()), float(low), float(high))


def chance_of_gain(scores: Floats, others: Floats, least_gain: float, seed: int = 0) -> float:
    """The part of the draws in which the mean is higher by at least so much: a paired bootstrap.

    Rows are drawn, each with what both models made of it, so that rows that are hard for both do
    not blur the difference.

    Args:   scores, others: (n,) float64, of the same rows in the same order.
    Source: Koehn 2004, "Statistical significance tests for machine translation evaluation".
    """
    return float((drawn_means(scores - others, seed) >= least_gain).mean())


def drawn_means(scores: Floats, seed: int = 0) -> Floats:
    """Means of rows drawn with replacement, as many as there are.

    Args:    scores: (n,) float64, n > 0.
    Returns: (DRAWS,) float64.
    """
    rng = np.random.default_rng(seed)
    size = len(scores)
    means = [
        scores[rng.integers(0, size, (CHUNK, size))].mean(axis=1) for _ in range(DRAWS // CHUNK)
    ]
    return np.concatenate(means)
