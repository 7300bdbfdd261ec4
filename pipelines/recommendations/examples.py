"""Rows for the ranker: at each moment, items as features, and whether they were liked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors, replay
from textwire.models.encoder import Vectors
from textwire.recommendations.features import RankingContext, compute_features
from textwire.recommendations.item_index import is_out
from textwire.recommendations.messages import Item

# A larger catalogue is searched for so many, as the service would.
MOST_RANKED = 400


@dataclass(frozen=True)
class Ranked:
    """A moment's n items, with their features, (n, len(FEATURES)) float32; liked: (n,) bool."""

    moment: Moment
    items: Sequence[Item]
    features: Vectors
    liked: NDArray[np.bool_]


def training_rows(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_life_days: float,
    others: int,
    seed: int,
) -> Iterator[Ranked]:
    """What was liked, what was shown and ignored, and so many of what would be ranked, at random.

    The others are drawn evenly from what the ranker meets when it serves. Were they the nearest
    ones alone, a near item would be a wrong one as a rule, and the ranker would learn to distrust
    the match of texts: on the sample shop it then found half of what that match finds by itself.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    for moment, context in replay(data, moments, vectors, half_life_days):
        served = served_items(data, context, vectors)
        shown = [data.by_id[item_id] for item_id in (*moment.liked, *moment.ignored)]
        drawn = rng.sample(served, min(others, len(served)))
        yield _ranked(moment, context, _each_once([*shown, *drawn]), vectors)


def served_rows(
    data: ShopData, moments: Sequence[Moment], vectors: TextVectors, half_life_days: float
) -> Iterator[Ranked]:
    """Every item that could be offered, or of a large catalogue those that would be found."""
    for moment, context in replay(data, moments, vectors, half_life_days):
        yield _ranked(moment, context, served_items(data, context, vectors), vectors)


def served_items(data: ShopData, context: RankingContext, vectors: TextVectors) -> list[Item]:
    """What would be ranked: all that can be offered, or of a large catalogue what is found."""
    offered = offered_items(data, context)
    return found_items(offered, context, vectors) if len(offered) > MOST_RANKED else offered


def offered_items(data: ShopData, context: RankingContext) -> list[Item]:
    """Items that are there, are published, and were not bought."""
    bought = set(context.profile.bought) if context.profile else set()
    return [
        item
        for item in data.by_id.values()
        if item.available and item.id not in bought and is_out(item, context.at)
    ]


def found_items(offered: list[Item], context: RankingContext, vectors: TextVectors) -> list[Item]:
    """Half by what the user cares for or asks for, and half by what all users like."""
    half = MOST_RANKED // 2
    popular = context.popularity.log_ratios([item.id for item in offered])
    liked = [offered[place] for place in np.argsort(-popular, kind="stable")[:half]]
    return _each_once([*nearest(offered, context, vectors, half), *liked])


def nearest(
    offered: list[Item], context: RankingContext, vectors: TextVectors, k: int
) -> list[Item]:
    """The k items nearest to the user and to what is asked for; none where neither is known."""
    wanted = [v for v in (context.profile_vector, context.context_vector) if v is not None]
    if not wanted or not offered:
        return []
    cosines = vectors.rows([item.text for item in offered]) @ sum(wanted)
    return [offered[place] for place in np.argsort(-cosines, kind="stable")[:k]]


def _ranked(
    moment: Moment, context: RankingContext, items: Sequence[Item], vectors: TextVectors
) -> Ranked:
    liked = set(moment.liked)
    return Ranked(
        moment,
        items,
        compute_features(context, items, vectors.rows([item.text for item in items])),
        np.array([item.id in liked for item in items], dtype=bool),
    )


def _each_once(items: Sequence[Item]) -> list[Item]:
    return list({item.id: item for item in items}.values())
