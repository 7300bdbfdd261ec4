"""Several rankings made one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

# The constant of the paper: how little it matters to be first rather than second.
K = 60


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[T]], k: float = K, weights: Sequence[float] | None = None
) -> dict[T, float]:
    """The score of each thing: the sum of weight / (k + rank) over the rankings that hold it.

    Args:    rankings: each from best to worst, no thing twice; ranks count from 1.
             weights: how much each ranking counts; 1 each where none are given.
    Returns: thing -> score, descending; equal scores in the order in which things were first met.
    Source:  Cormack, Clarke and Buettcher 2009, "Reciprocal rank fusion outperforms Condorcet and
             individual rank learning methods", SIGIR.
    """
    scores: dict[T, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, thing in enumerate(ranking, start=1):
            scores[thing] = scores.get(thing, 0.0) + weight / (k + rank)
    return dict(sorted(scores.items(), key=lambda scored: -scored[1]))
