"""Whether a sequence model finds more than the item model and the texts; else it does not serve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.measuring.bootstrap import Floats, chance_of_gain
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.evaluate import rank_by, text_match
from pipelines.recommendations.examples import offered_items
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors, replay
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import Candidates, RankingContext
from textwire.recommendations.ranking.following import Following

DEPTH = 10
# As the gate of versions asks of a reranker: a model that costs time must be sure to gain.
CERTAINTY = 0.9
TIE = 1e-6


class Compared(NamedTuple):
    """NDCG@10 of each way over the same moments, and the least chance that the sequence gains."""

    sequence: float
    items: float
    texts: float
    chance: float

    @property
    def gains(self) -> bool:
        """Whether it is sure enough to find more than either."""
        return self.chance >= CERTAINTY


def compare(
    sequence: Following,
    items: Following,
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
) -> Compared:
    """All that could be offered at each moment, in three orders; both models know what was before.

    Args: moments: after all that both models learned from, each with something liked.
    """
    by_sequence = gains_of(sequence, data, moments, vectors, half_lives)
    by_items = gains_of(items, data, moments, vectors, half_lives)
    by_texts = gains_of(None, data, moments, vectors, half_lives)
    chance = min(chance_of_gain(by_sequence, other, TIE) for other in (by_items, by_texts))
    return Compared(
        float(by_sequence.mean()), float(by_items.mean()), float(by_texts.mean()), chance
    )


def gains_of(
    model: Following | None,
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
) -> Floats:
    """NDCG@10 of each moment's list, (moments,) float64; without a model by the match of texts."""
    served = vectors.as_served(data)
    gains = []
    for occasion in replay(data, moments, served, half_lives, model):
        context = occasion.context
        offered = offered_items(data, context)
        candidates = Candidates(offered, served.rows([item.text for item in offered]))
        way = text_match if model is None else by_following
        rank = rank_by(way, context, candidates, occasion.moment.liked[0])
        gains.append(1 / math.log2(1 + rank) if rank is not None and rank <= DEPTH else 0.0)
    return np.array(gains)


def by_following(context: RankingContext, candidates: Candidates) -> Vectors:
    """By what follows from the user's items, (n,) float32; where nothing does, by texts."""
    scores = context.item_scores
    followed = np.array([scores.get(item_id, 0.0) for item_id in candidates.ids])
    ordered: Vectors = (followed + TIE * text_match(context, candidates)).astype(np.float32)
    return ordered
