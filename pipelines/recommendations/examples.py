"""Rows for the ranker: at each moment, items as features, and whether they were liked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors, item_index, replay
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import is_out
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.lists.list_building import (
    RankedList,
    Scorer,
    build_lists,
    gather_candidates,
)
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import RankingContext
from textwire.recommendations.ranking.following import Following

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
    half_lives: HalfLives,
    others: int,
    seed: int,
    item_model: Following | None = None,
) -> Iterator[Ranked]:
    """What was liked, and so many of the others that the service would look at, drawn evenly.

    The others are of what the service looks at: it alone is to be ordered. Drawn evenly, since what
    is drawn more often than it comes would be taken for a worse choice than it is.
    """
    rng = np.random.default_rng(seed)
    for row in served_rows(data, moments, vectors, half_lives, item_model=item_model):
        liked, rest = np.flatnonzero(row.liked), np.flatnonzero(~row.liked)
        drawn = rng.choice(rest, min(others, len(rest)), replace=False)
        places = np.sort(np.concatenate([liked, drawn]))
        items = [row.items[place] for place in places]
        yield Ranked(row.moment, items, row.features[places], row.liked[places])


def served_rows(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
    settings: RecommendationsSettings = AS_SHIPPED,
    item_model: Following | None = None,
) -> Iterator[Ranked]:
    """Every item that the service would look at for the moment's list."""
    served = vectors.as_served(data)
    index = item_index(data, served)
    for moment, query, popularity in replay(data, moments, served, half_lives, item_model):
        (found,) = gather_candidates(index, [query], popularity, settings, moment.at, item_model)
        yield Ranked(moment, found.items, found.features, liked_among(found.items, moment))


def served_lists(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
    ranker: Scorer,
    settings: RecommendationsSettings = AS_SHIPPED,
    item_model: Following | None = None,
) -> Iterator[tuple[Moment, RankedList]]:
    """The list that the service would give at each moment."""
    served = vectors.as_served(data)
    index = item_index(data, served)
    for moment, query, popularity in replay(data, moments, served, half_lives, item_model):
        (built,) = build_lists(index, ranker, [query], popularity, settings, moment.at, item_model)
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
