"""Lists as they are told: each item with its score, what the ranker saw, and a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.recommendations.catalogue import ServingSnapshot
from textwire.recommendations.candidates import RankingQuery, unknown_candidates
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.features import named_parts
from textwire.recommendations.list_building import RankedList, build_lists
from textwire.recommendations.messages import ScoredItem, ScoredList
from textwire.recommendations.popularity import PopularitySnapshot
from textwire.recommendations.reasons import reason


def make_lists(
    snapshot: ServingSnapshot,
    queries: Sequence[RankingQuery],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
) -> list[ScoredList]:
    """A list for each query, in their order."""
    ranked = build_lists(
        snapshot.index, snapshot.ranker, queries, popularity, settings, at, snapshot.item_model
    )
    return [
        _as_list(snapshot, query, _told(one), at)
        for query, one in zip(queries, ranked, strict=True)
    ]


def _told(ranked: RankedList) -> tuple[ScoredItem, ...]:
    candidates = ranked.candidates
    listed = []
    for rank, place in enumerate(ranked.places, start=1):
        item, parts = candidates.items[place], named_parts(candidates.features[place])
        listed.append(
            ScoredItem(
                item_id=item.id,
                rank=rank,
                score=min(1.0, max(0.0, round(float(ranked.scores[place]), 6))),
                parts=parts,
                reason=reason(item, candidates.context, parts),
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
