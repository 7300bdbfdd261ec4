"""Rows for the ranker: at each moment, items as features, and whether they were liked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors, item_index, replay
from textwire.models.encoder import Vectors
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.features import RankingContext, compute_features
from textwire.recommendations.item_index import is_out
from textwire.recommendations.list_building import (
    RankedList,
    Scorer,
    build_lists,
    gather_candidates,
)
from textwire.recommendations.messages import Item

# Lists as they come: two machines that are set otherwise make the same model and the same figures.
AS_SHIPPED = RecommendationsSettings.model_construct()


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
    """What was liked, what was shown and ignored, and so many of what is on offer, at random.

    The others are drawn evenly. Were they the nearest ones alone, a near item would be a wrong one
    as a rule, and the ranker would learn to distrust the match of texts: on the sample shop it then
    found half of what that match finds by itself.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    served = vectors.as_served(data)
    for occasion in replay(data, moments, served, half_life_days):
        moment, context = occasion.moment, occasion.context
        offered = offered_items(data, context)
        shown = [data.by_id[item_id] for item_id in (*moment.liked, *moment.ignored)]
        drawn = rng.sample(offered, min(others, len(offered)))
        items = list({item.id: item for item in (*shown, *drawn)}.values())
        features = compute_features(context, items, served.rows([item.text for item in items]))
        yield Ranked(moment, items, features, liked_among(items, moment))


def served_rows(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_life_days: float,
    settings: RecommendationsSettings = AS_SHIPPED,
) -> Iterator[Ranked]:
    """Every item that the service would look at for the moment's list."""
    served = vectors.as_served(data)
    index = item_index(data, served)
    for moment, query, popularity in replay(data, moments, served, half_life_days):
        (found,) = gather_candidates(index, [query], popularity, settings, moment.at)
        yield Ranked(moment, found.items, found.features, liked_among(found.items, moment))


def served_lists(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_life_days: float,
    ranker: Scorer,
    settings: RecommendationsSettings = AS_SHIPPED,
) -> Iterator[tuple[Moment, RankedList]]:
    """The list that the service would give at each moment."""
    served = vectors.as_served(data)
    index = item_index(data, served)
    for moment, query, popularity in replay(data, moments, served, half_life_days):
        (built,) = build_lists(index, ranker, [query], popularity, settings, moment.at)
        yield moment, built


def offered_items(data: ShopData, context: RankingContext) -> list[Item]:
    """Items that are there, are published, and were not bought."""
    bought = set(context.profile.bought) if context.profile else set()
    return [
        item
        for item in data.by_id.values()
        if item.available and item.id not in bought and is_out(item, context.at)
    ]


def liked_among(items: Sequence[Item], moment: Moment) -> NDArray[np.bool_]:
    """Which of n items were liked later in the visit, (n,)."""
    liked = set(moment.liked)
    return np.array([item.id in liked for item in items], dtype=bool)
