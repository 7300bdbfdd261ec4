"""A list that does not say the same thing ten times, and shows of variants one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors

# What scores less than this part of the best that is left is not put before it.
RELEVANCE_FLOOR = 0.5


def diversified(
    scores: Vectors,
    vectors: Vectors,
    k: int,
    trade_off: float,
    match: Vectors | None = None,
    groups: Sequence[str | None] = (),
) -> list[int]:
    """Places of k items, each the best of those left, less what is like those before it.

        argmax over those left of  trade_off * score / best left
                                   - (1 - trade_off) * max cosine to those chosen

    where only those compete whose score is more than `RELEVANCE_FLOOR` of the best that is left. No
    place hangs on how many are asked for: the list of ten begins the list of two hundred.

    Args:    scores: (n,) float32, at least 0, finite. vectors: (n, d) float32, unit length.
             trade_off: 1 is the order of the scores; less cares for difference.
             match: (n,) float32; of equal scores the better match is first.
             groups: n names; of those with the same name one is chosen. None, or empty: no variant.
    Returns: at most k places, in the order of the list; equal ones in the order they came.
    Source:  Carbonell and Goldstein 1998, "The use of MMR, diversity-based reranking", SIGIR.
    """
    order = _best_first(scores, match)
    order = order[_first_of_each_group(order, groups)]
    ordered = scores[order]
    free = np.ones(len(order), dtype=bool)
    likeness = np.zeros(len(order), dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < k and free.any():
        best = float(ordered[int(np.argmax(free))])
        worth = trade_off * (ordered / best if best > 0.0 else np.ones_like(ordered))
        worth = worth - (1.0 - trade_off) * likeness
        rivals = free & ((ordered > RELEVANCE_FLOOR * best) | (ordered >= best))
        place = int(np.argmax(np.where(rivals, worth, -np.inf)))
        chosen.append(int(order[place]))
        free[place] = False
        if trade_off < 1.0:
            likeness = np.maximum(likeness, (vectors @ vectors[order[place]])[order])
    return chosen


def _best_first(scores: Vectors, match: Vectors | None) -> NDArray[np.intp]:
    ties = np.zeros(len(scores)) if match is None else -match
    order: NDArray[np.intp] = np.lexsort((np.arange(len(scores)), ties, -scores))
    return order


def _first_of_each_group(
    order: NDArray[np.intp], groups: Sequence[str | None]
) -> NDArray[np.bool_]:
    if not groups:
        return np.ones(len(order), dtype=bool)
    named = [groups[place] for place in order]
    first = {group: number for number, group in reversed(list(enumerate(named)))}
    kept = [not group or first[group] == number for number, group in enumerate(named)]
    return np.array(kept, dtype=bool)
