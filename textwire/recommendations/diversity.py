"""A list that does not say the same thing ten times."""

from __future__ import annotations

import numpy as np

from textwire.models.encoder import Vectors


def diversified(scores: Vectors, vectors: Vectors, k: int, trade_off: float) -> list[int]:
    """Places of k items, each the best of those left, less what is like those before it.

        argmax over those left of  trade_off * score - (1 - trade_off) * max cosine to those chosen

    Scores are brought to [0, 1] first, best 1 and worst 0, since cosines have that scale.

    Args:    scores: (n,) float32, finite. vectors: (n, d) float32, unit length.
             trade_off: 1 is the order of the scores; 0 cares for difference alone after the first.
    Returns: min(k, n) places, in the order of the list; equal ones in the order they came.
    Source:  Carbonell and Goldstein 1998, "The use of MMR, diversity-based reranking", SIGIR.
    """
    many = min(k, len(scores))
    if many <= 0:
        return []
    relevance = trade_off * _to_unit_scale(scores)
    chosen = [int(np.argmax(scores))]
    likeness = vectors @ vectors[chosen[0]]
    free = np.ones(len(scores), dtype=bool)
    free[chosen[0]] = False
    while len(chosen) < many:
        worth = np.where(free, relevance - (1.0 - trade_off) * likeness, -np.inf)
        best = int(np.argmax(worth))
        chosen.append(best)
        free[best] = False
        likeness = np.maximum(likeness, vectors @ vectors[best])
    return chosen


def _to_unit_scale(scores: Vectors) -> Vectors:
    low, high = float(scores.min()), float(scores.max())
    scaled: Vectors = (scores - low) / (high - low) if high > low else np.ones_like(scores)
    return scaled
