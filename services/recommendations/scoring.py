"""From candidates to a list: features, probabilities, an order that is not all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from services.recommendations.candidates import RankingQuery, find_candidates, unknown_candidates
from services.recommendations.catalogue import ServingSnapshot
from services.recommendations.config import RecommendationsSettings
from services.recommendations.popularity_snapshot import Liking
from textwire.models.encoder import Vectors
from textwire.recommendations.diversity import diversified
from textwire.recommendations.features import RankingContext, compute_features, named_parts
from textwire.recommendations.messages import Item, ScoredItem, ScoredList
from textwire.recommendations.reasons import reason
from textwire.recommendations.results import Profile


def make_lists(
    shelf: ServingSnapshot,
    wishes: Sequence[tuple[RankingQuery, Profile | None]],
    liking: Liking,
    settings: RecommendationsSettings,
    at: datetime,
) -> list[ScoredList]:
    """A list for each wish, in their order."""
    asked = [wish for wish, _ in wishes]
    found = find_candidates(shelf.stock, asked, liking.ranked, settings, at)
    vectors = [shelf.stock.vectors_of([item.id for item in items]) for items in found]
    contexts = [
        RankingContext(
            profile=profile,
            profile_vector=wish.profile_vector,
            context_vector=wish.context_vector,
            at=at,
            popularity=liking.popularity,
        )
        for wish, profile in wishes
    ]
    features = [
        compute_features(context, items, of_items)
        for context, items, of_items in zip(contexts, found, vectors, strict=True)
    ]
    scores = _scored(shelf, features)
    lists = []
    for number, (wish, _) in enumerate(wishes):
        places = diversified(
            scores[number], vectors[number], wish.request.k or settings.k, settings.trade_off
        )
        items = _listed(found[number], places, scores[number], features[number], contexts[number])
        lists.append(_as_list(shelf, wish, items, at))
    return lists


def _scored(shelf: ServingSnapshot, features: Sequence[Vectors]) -> list[Vectors]:
    """Probabilities of all candidates of all wishes, in one run of the ranker."""
    ends = np.cumsum([len(rows) for rows in features])
    return np.split(shelf.model.ranker.score(np.concatenate(features)), ends[:-1])


def _listed(
    items: Sequence[Item],
    places: Sequence[int],
    scores: Vectors,
    features: Vectors,
    context: RankingContext,
) -> tuple[ScoredItem, ...]:
    listed = []
    for rank, place in enumerate(places, start=1):
        parts = named_parts(features[place])
        listed.append(
            ScoredItem(
                item_id=items[place].id,
                rank=rank,
                score=min(1.0, max(0.0, round(float(scores[place]), 6))),
                parts=parts,
                reason=reason(items[place], context, parts),
            )
        )
    return tuple(listed)


def _as_list(
    shelf: ServingSnapshot, wish: RankingQuery, items: tuple[ScoredItem, ...], at: datetime
) -> ScoredList:
    request = wish.request
    return ScoredList(
        user_id=request.user_id,
        scores=items,
        model=shelf.model.version,
        scored_at=at,
        request_id=request.id if request.trigger == "request" else None,
        trigger=request.trigger,
        unknown_candidates=unknown_candidates(shelf.stock, request),
    )
