"""From candidates to a list: features, probabilities, an order that is not all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from services.recommendations.catalogue import ServingSnapshot
from services.recommendations.popularity_snapshot import PopularitySnapshot
from textwire.models.encoder import Vectors
from textwire.recommendations.candidates import RankingQuery, find_candidates, unknown_candidates
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.diversity import diversified
from textwire.recommendations.features import RankingContext, compute_features, named_parts
from textwire.recommendations.messages import Item, ScoredItem, ScoredList
from textwire.recommendations.reasons import reason
from textwire.recommendations.results import Profile


def make_lists(
    snapshot: ServingSnapshot,
    queries: Sequence[tuple[RankingQuery, Profile | None]],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
) -> list[ScoredList]:
    """A list for each query, in their order."""
    asked = [query for query, _ in queries]
    found = find_candidates(snapshot.index, asked, popularity.ranked, settings, at)
    vectors = [snapshot.index.vectors_of([item.id for item in items]) for items in found]
    contexts = [
        RankingContext(
            profile=profile,
            profile_vector=query.profile_vector,
            context_vector=query.context_vector,
            at=at,
            popularity=popularity.popularity,
        )
        for query, profile in queries
    ]
    features = [
        compute_features(context, items, of_items)
        for context, items, of_items in zip(contexts, found, vectors, strict=True)
    ]
    scores = _scored(snapshot, features)
    lists = []
    for number, (query, _) in enumerate(queries):
        places = diversified(
            scores[number], vectors[number], query.request.k or settings.k, settings.trade_off
        )
        items = _listed(found[number], places, scores[number], features[number], contexts[number])
        lists.append(_as_list(snapshot, query, items, at))
    return lists


def _scored(snapshot: ServingSnapshot, features: Sequence[Vectors]) -> list[Vectors]:
    """Probabilities of all candidates of all queries, in one run of the ranker."""
    ends = np.cumsum([len(rows) for rows in features])
    return np.split(snapshot.model.ranker.score(np.concatenate(features)), ends[:-1])


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
    snapshot: ServingSnapshot, query: RankingQuery, items: tuple[ScoredItem, ...], at: datetime
) -> ScoredList:
    request = query.request
    return ScoredList(
        user_id=request.user_id,
        scores=items,
        model=snapshot.model.version,
        scored_at=at,
        request_id=request.id if request.trigger == "request" else None,
        trigger=request.trigger,
        unknown_candidates=unknown_candidates(snapshot.index, request),
    )
