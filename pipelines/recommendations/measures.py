"""How good lists are: where what was liked next stands, and whether the odds are true."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss, roc_auc_score

from textwire.models.engines.encoder import Vectors

Bools = NDArray[np.bool_]


def rank_among(scores: Vectors, place: int) -> int:
    """The rank of one of n, from 1; of equal scores, half are taken to stand before it.

    Args: scores: (n,) float32.
    """
    higher = int((scores > scores[place]).sum())
    equal = int((scores == scores[place]).sum()) - 1
    return 1 + higher + (equal + 1) // 2


def hit_rate(ranks: Sequence[int | None], k: int) -> float:
    """Part of the lists whose first k hold what was liked next; HR@k, with one right item."""
    return sum(rank is not None and rank <= k for rank in ranks) / max(1, len(ranks))


def ndcg(ranks: Sequence[int | None], k: int) -> float:
    """Mean of 1 / log2(1 + rank), 0 below k: NDCG@k with one right item.

    Source: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques".
    """
    gains = (1 / math.log2(1 + rank) for rank in ranks if rank is not None and rank <= k)
    return sum(gains) / max(1, len(ranks))


def reciprocal_rank(ranks: Sequence[int | None], k: int) -> float:
    """Mean of 1 / rank, 0 below k: MRR@k (Voorhees 1999)."""
    return sum(1 / rank for rank in ranks if rank is not None and rank <= k) / max(1, len(ranks))


def list_metrics(ranks: Sequence[int | None], depths: Sequence[int] = (10,)) -> dict[str, float]:
    """HR, NDCG and MRR at each depth, by name."""
    measures = {"hr": hit_rate, "ndcg": ndcg, "mrr": reciprocal_rank}
    return {
        f"{name}_at_{k}": measure(ranks, k) for k in depths for name, measure in measures.items()
    }


def odds_metrics(scores: Vectors, liked: Bools) -> dict[str, float]:
    """AUC, log loss, that of always saying the mean, and the calibration error.

    Args: scores: (n,) float32, odds. liked: (n,) bool.
    """
    mean = np.full(len(liked), liked.mean())
    return {
        "auc": float(roc_auc_score(liked, scores)),
        "log_loss": float(log_loss(liked, scores.astype(np.float64))),
        "log_loss_of_mean": float(log_loss(liked, mean)),
        "ece": equal_mass_ece(scores, liked),
        "liked_part": float(liked.mean()),
    }


def equal_mass_ece(scores: Vectors, liked: Bools, bins: int = 20) -> float:
    """Mean distance between odds and outcomes over bins of equally many rows.

    Of equal width all but one would be empty, since hardly one item in a hundred is liked.

    Args:   scores: (n,) float32, odds. liked: (n,) bool.
    Source: Nixon et al. 2019, "Measuring calibration in deep learning", arXiv:1904.01685.
    """
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(scores[p].mean()) - float(liked[p].mean())) * len(p) for p in parts]
    return sum(gaps) / max(1, len(order))
