"""Lists of the last part of the time, as they serve, beside simple ways; how int8 strays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.measuring.agreement import VectorAgreement, compare_vectors
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import (
    AS_SHIPPED,
    liked_among,
    offered_items,
    served_lists,
)
from pipelines.recommendations.histories import find_histories, mean_vectors
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.measures import Bools, list_metrics, odds_metrics, rank_among
from pipelines.recommendations.replay import TextVectors, replay
from textwire.errors import DataError
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.lists.list_building import RankedList, Scorer
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import DECLARED, Candidates, RankingContext
from textwire.recommendations.ranking.following import Following

# What is known at a moment, and n items, to a score for each, (n,).
SimpleWay = Callable[[RankingContext, Candidates], Vectors]
# So little decides among items that are the same otherwise.
TIE = 1e-4
COLUMNS = {feature.name: feature.values for feature in DECLARED}


class JudgedList(NamedTuple):
    """A list beside what was liked next.

    rank           of that item in the list, from 1; None where it is not there.
    rank_by_score  the same by the scores alone, among all that was looked at, before the list was
                   made diverse; None where search did not find the item.
    """

    looked_at: int
    rank: int | None
    rank_by_score: int | None


def measure_lists(
    ranker: Scorer,
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
    settings: RecommendationsSettings = AS_SHIPPED,
    item_model: Following | None = None,
) -> dict[str, float]:
    """The lists that would serve, odds of all that was looked at, and lists of each simple way.

    Raises: DataError: of what was looked at nothing, or everything, was liked.
    """
    scores: list[Vectors] = []
    liked: list[Bools] = []
    judged: list[JudgedList] = []
    for moment, built in served_lists(
        data, moments, vectors, half_lives, ranker, settings, item_model
    ):
        scores.append(built.scores)
        liked.append(liked_among(built.candidates.items, moment))
        if moment.liked:
            judged.append(judge(built, moment.liked[0]))
    odds = _odds(np.concatenate(scores), np.concatenate(liked))
    simple = measure_simple_ways(data, moments, vectors, half_lives)
    return odds | of_judged(judged) | simple


def measure_text_match(
    data: ShopData, moments: Sequence[Moment], vectors: TextVectors, half_lives: HalfLives
) -> dict[str, float]:
    """Lists by the match of texts alone, with some encoder's vectors."""
    return measure_simple_ways(data, moments, vectors, half_lives, {"": text_match})


def measure_simple_ways(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
    ways: Mapping[str, SimpleWay] | None = None,
) -> dict[str, float]:
    """Everything that could be offered in the order of each way; metrics with its prefix."""
    served = vectors.as_served(data)
    chosen = SIMPLE_WAYS if ways is None else ways
    ranks: defaultdict[str, list[int | None]] = defaultdict(list)
    for occasion in replay(
        data, [moment for moment in moments if moment.liked], served, half_lives
    ):
        context = occasion.context
        items = offered_items(data, context)
        candidates = Candidates(items, served.rows([item.text for item in items]))
        for prefix, way in chosen.items():
            ranks[prefix].append(rank_by(way, context, candidates, occasion.moment.liked[0]))
    return {
        f"{prefix}{name}": value
        for prefix, of_way in ranks.items()
        for name, value in list_metrics(of_way).items()
    }


def judge(built: RankedList, target: str) -> JudgedList:
    """Where an item stands."""
    place = _place(built.candidates.items, target)
    return JudgedList(
        looked_at=len(built.candidates.items),
        rank=None if (listed := _place(built.items, target)) is None else listed + 1,
        rank_by_score=None if place is None else rank_among(built.scores, place),
    )


def of_judged(judged: Sequence[JudgedList], depths: Sequence[int] = (10,)) -> dict[str, float]:
    """Metrics of the lists, of the order before they were made diverse, and of the search."""
    by_score = list_metrics([one.rank_by_score for one in judged], depths)
    search = {
        "candidates": sum(one.looked_at for one in judged),
        "candidate_recall": sum(one.rank_by_score is not None for one in judged),
    }
    return (
        list_metrics([one.rank for one in judged], depths)
        | {f"undiversified_{name}": value for name, value in by_score.items()}
        | {name: total / max(1, len(judged)) for name, total in search.items()}
    )


def rank_by(
    way: SimpleWay, context: RankingContext, candidates: Candidates, target: str
) -> int | None:
    """Where an item stands by a simple way; None where it is not among the candidates."""
    place = _place(candidates.items, target)
    return None if place is None else rank_among(way(context, candidates), place)


def text_match(context: RankingContext, candidates: Candidates) -> Vectors:
    """By cosine to the user and to what is asked for; of a user not known, by popularity."""
    matched = _column("text_match", context, candidates)
    asked = _column("context_match", context, candidates)
    return matched + asked + TIE * by_popularity(context, candidates)


def by_popularity(context: RankingContext, candidates: Candidates) -> Vectors:
    """By what all users like lately."""
    return _column("popularity", context, candidates)


def by_category(context: RankingContext, candidates: Candidates) -> Vectors:
    """By the user's categories, and within one by popularity."""
    affinity = _column("category_affinity", context, candidates)
    return affinity + 0.01 * by_popularity(context, candidates)


# By the prefix of their metrics.
SIMPLE_WAYS: dict[str, SimpleWay] = {
    "text_": text_match,
    "popularity_": by_popularity,
    "category_": by_category,
}


def _odds(scores: Vectors, liked: Bools) -> dict[str, float]:
    if liked.all() or not liked.any():
        raise DataError(
            "In the last part of the time everything that lists look at was liked, or nothing: "
            "there is nothing to judge the ranker by. Give events over a longer time."
        )
    return odds_metrics(scores, liked)


def _place(items: Sequence[Item], target: str) -> int | None:
    return next((place for place, item in enumerate(items) if item.id == target), None)


def _column(name: str, context: RankingContext, candidates: Candidates) -> Vectors:
    return COLUMNS[name](context, candidates)


def compare_engines(
    trained: TextVectors,
    served: TextVectors,
    data: ShopData,
    moments: Sequence[Moment],
    half_life_days: float,
) -> VectorAgreement:
    """How near the int8 graph's vectors are to the model's: of items, and of users by then."""
    histories = find_histories(data, moments, served.places, half_life_days)
    items = [item.text for item in data.by_id.values()]
    return compare_vectors(
        mean_vectors(trained.vectors, histories),
        trained.rows(items),
        mean_vectors(served.vectors, histories),
        served.rows(items),
    )


def beats(
    trained: TextVectors,
    untrained: TextVectors,
    data: ShopData,
    moments: Sequence[Moment],
    half_lives: HalfLives,
) -> bool:
    """Whether the tuned encoder's match of texts finds more at these moments."""
    tuned, base = (
        measure_text_match(data, moments, vectors, half_lives)["ndcg_at_10"]
        for vectors in (trained, untrained)
    )
    return tuned > base
