"""Texts that mean the same, put together by their vectors."""

from __future__ import annotations

import numpy as np

from textwire.models.engines.encoder import Vectors


def clusters(vectors: Vectors, least_cosine: float) -> list[list[int]]:
    """Groups of texts, largest first; each begins with the one that all others of it are near to.

    Of all texts the one with the most neighbours begins a group with them, then the next of those
    that are left: as many groups as the texts ask for, and one that is alone is a group too.

    Args:    vectors: (n, d) float32, unit length. least_cosine: from which on two are neighbours.
    Returns: places of the texts; every place in one group.
    Source:  Reimers and Gurevych 2019, sentence-transformers' community detection.
    """
    near = vectors @ vectors.T >= least_cosine
    np.fill_diagonal(near, val=True)
    left = np.ones(len(vectors), dtype=bool)
    found: list[list[int]] = []
    while left.any():
        counts = np.where(left, (near & left).sum(axis=1), 0)
        centre = int(counts.argmax())
        others = np.flatnonzero(near[centre] & left)
        found.append([centre, *(int(place) for place in others if place != centre)])
        left[others] = False
    return sorted(found, key=len, reverse=True)
