"""The label of a text from the labels of its nearest neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors

TRIED_NEIGHBOURS = (1, 3, 5, 10, 20, 40)
TRIED_TEMPERATURES = (0.02, 0.05, 0.1, 1.0)
ROWS_AT_ONCE = 1000


class Voting(NamedTuple):
    """So many neighbours vote, each with weight exp(cosine / temperature)."""

    neighbours: int
    temperature: float


def vote(queries: Vectors, keys: Vectors, labels: Sequence[str], voting: Voting) -> list[str]:
    """A label for each query.

    Args:   queries: (n, d) float32, keys: (m, d) float32, unit length. labels: m, of the keys.
    Source: Dudani 1976, "The distance-weighted k-nearest-neighbor rule".
    """
    cosines, places = nearest(queries, keys, voting.neighbours)
    return [_elect(*row, labels, voting.temperature) for row in zip(cosines, places, strict=True)]


def choose_voting(keys: Vectors, labels: Sequence[str]) -> Voting:
    """The voting that labels most keys rightly, each by its neighbours among the others.

    Args: keys: (m, d) float32, unit length. labels: m, of the keys.
    """
    cosines, places = nearest(keys, keys, max(TRIED_NEIGHBOURS) + 1)
    # A key's nearest neighbour is the key itself, or its double.
    cosines, places = cosines[:, 1:], places[:, 1:]
    tried = [Voting(k, t) for k in TRIED_NEIGHBOURS for t in TRIED_TEMPERATURES]

    def right(voting: Voting) -> int:
        rows = zip(cosines[:, : voting.neighbours], places[:, : voting.neighbours], strict=True)
        elected = (_elect(*row, labels, voting.temperature) for row in rows)
        return sum(a == b for a, b in zip(elected, labels, strict=True))

    return max(tried, key=right)


def nearest(queries: Vectors, keys: Vectors, k: int) -> tuple[Vectors, np.ndarray]:
    """Cosines and places of the k nearest keys, nearest first.

    Args:    queries: (n, d) float32, keys: (m, d) float32, unit length.
    Returns: cosines (n, k) float32; places (n, k) int64.
    """
    rows = [
        _nearest(queries[at : at + ROWS_AT_ONCE], keys, k)
        for at in range(0, len(queries), ROWS_AT_ONCE)
    ]
    return np.vstack([cosines for cosines, _ in rows]), np.vstack([places for _, places in rows])


def _nearest(queries: Vectors, keys: Vectors, k: int) -> tuple[Vectors, np.ndarray]:
    cosines = queries @ keys.T
    places = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(cosines, places, axis=1), places


def _elect(cosines: Vectors, places: np.ndarray, labels: Sequence[str], temperature: float) -> str:
    votes: dict[str, float] = defaultdict(float)
    for weight, place in zip(np.exp((cosines - 1) / temperature), places, strict=True):
        votes[labels[place]] += float(weight)
    return max(votes, key=votes.__getitem__)
