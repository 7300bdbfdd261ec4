"""Whether a sequence model finds more than the item model and the texts, alone or mixed with it.

Each moment has one order by texts, one by items, one by the sequence, and one for each mixture. How
much the sequence counts in a mixture is chosen on one half of the moments and judged on the other,
both ways round, so that the choice is not judged by what it was made on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
from textwire.recommendations.ranking.mixed_model import mixed

DEPTH = 10
# As the gate of versions asks of a reranker: a model that costs time must be sure to gain.
CERTAINTY = 0.9
TIE = 1e-6
# Of the sequence model in a mixture.
PARTS = (0.2, 0.35, 0.5, 0.65, 0.8)

Scores = Mapping[str, float]


class Compared(NamedTuple):
    """NDCG@10 of each way over the same moments, and how sure two of them are to gain.

    chance, chance_mixed  the least chance that the sequence, or both mixed, find more than items
                          and than texts.
    part                  of the sequence model in the mixture, chosen on all moments.
    """

    sequence: float
    items: float
    texts: float
    chance: float
    mixed: float
    chance_mixed: float
    part: float

    @property
    def served_part(self) -> float:
        """How much the sequence model counts in what serves: 0 leaves the item model alone."""
        if self.chance_mixed >= CERTAINTY and self.mixed >= self.sequence:
            return self.part
        return 1.0 if self.chance >= CERTAINTY else 0.0


def compare(
    sequence: Following,
    items: Following,
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
) -> Compared:
    """All that could be offered at each moment, in every order; both models know what was before.

    Args: moments: after all that both models learned from, each with something liked.
    """
    served = vectors.as_served(data)
    rows: list[list[float]] = []
    for occasion in replay(data, moments, served, half_lives):
        context = occasion.context
        offered = offered_items(data, context)
        candidates = Candidates(offered, served.rows([item.text for item in offered]))
        trail = context.trail
        by_items = items.scores(trail.ids, trail.shares)
        by_sequence = sequence.scores(trail.ids, trail.shares)
        orders = [by_items, by_sequence, *(mixed(by_items, by_sequence, p) for p in PARTS)]
        followed = [_by(scores, context, candidates) for scores in orders]
        ways = [text_match(context, candidates), *followed]
        rows.append([_gain(way, context, candidates, occasion.moment.liked[0]) for way in ways])
    gains = np.array(rows)
    by_texts, of_items, of_sequence, of_mixtures = *gains[:, :3].T, gains[:, 3:]
    of_mixed = cross_chosen(of_mixtures)
    return Compared(
        sequence=float(of_sequence.mean()),
        items=float(of_items.mean()),
        texts=float(by_texts.mean()),
        chance=_least_chance(of_sequence, of_items, by_texts),
        mixed=float(of_mixed.mean()),
        chance_mixed=_least_chance(of_mixed, of_items, by_texts),
        part=PARTS[int(of_mixtures.mean(axis=0).argmax())],
    )


def cross_chosen(gains: Floats) -> Floats:
    """Of each moment the gain of the mixture that is best on the other half of them, (moments,).

    Args: gains: (moments, mixtures).
    """
    is_even = np.arange(len(gains)) % 2 == 0
    chosen = np.empty(len(gains))
    for half in (is_even, ~is_even):
        others = gains[~half] if (~half).any() else gains
        chosen[half] = gains[half, int(others.mean(axis=0).argmax())]
    return chosen


def _least_chance(gains: Floats, *others: Floats) -> float:
    return min(chance_of_gain(gains, other, TIE) for other in others)


def _gain(scores: Vectors, context: RankingContext, candidates: Candidates, target: str) -> float:
    rank = rank_by(lambda *_: scores, context, candidates, target)
    return 1 / math.log2(1 + rank) if rank is not None and rank <= DEPTH else 0.0


def _by(scores: Scores, context: RankingContext, candidates: Candidates) -> Vectors:
    """What follows from the user's items, (n,) float32; where nothing does, by texts."""
    followed = np.array([scores.get(item_id, 0.0) for item_id in candidates.ids])
    ordered: Vectors = (followed + TIE * text_match(context, candidates)).astype(np.float32)
    return ordered
