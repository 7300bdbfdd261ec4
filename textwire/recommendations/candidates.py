"""Which items are looked at for a list: near to the user, near to what is asked for, liked, new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

import numpy as np

from textwire.models.encoder import Vectors
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.item_index import ItemIndex, is_out
from textwire.recommendations.left_out import left_out
from textwire.recommendations.messages import DropReason, Item, ScoreRequest
from textwire.recommendations.profiles import profile_vector
from textwire.recommendations.results import Profile


@dataclass(frozen=True)
class RankingQuery:
    """A request, what is known of its user, and where to look: vectors (d,), of unit length."""

    request: ScoreRequest
    profile: Profile | None
    profile_vector: Vectors | None
    context_vector: Vectors | None
    # What a shop's own rules make of scores: items and scores (n,) to scores (n,).
    adjusted: Callable[[Sequence[Item], Vectors], Vectors] | None = None
    # Whether the words of the request are in a language that the model does not read.
    unread: bool = False

    @classmethod
    def of(
        cls,
        request: ScoreRequest,
        profile: Profile | None,
        context_vector: Vectors | None,
        dimension: int,
    ) -> RankingQuery:
        """What a request asks of an index of that dimension.

        Args: context_vector: (d,), of the words of the request; None where it has none.
        """
        return cls(request, profile, profile_vector(profile, dimension), context_vector)

    @cached_property
    def left_out(self) -> Mapping[str, DropReason]:
        """What is not offered to the user, or not again, and why."""
        return left_out(self.request, self.profile)

    @property
    def bought(self) -> tuple[str, ...]:
        """Ids of what is not offered to the user, or not again."""
        return tuple(self.left_out)

    @property
    def directions(self) -> list[Vectors]:
        """Where near items are looked for: two vectors at most, each (d,) float32."""
        both = (self.profile_vector, self.context_vector)
        return [vector for vector in both if vector is not None]


def find_candidates(
    index: ItemIndex,
    queries: Sequence[RankingQuery],
    liked: Sequence[str],
    settings: RecommendationsSettings,
    at: datetime,
) -> list[list[Item]]:
    """Different items for each query, none of them bought before, all of them available and out.

    What is found for one does not hang on who else asks.

    Args: liked: ids of items, those first which all users like most.
    """
    open_queries = [query for query in queries if query.request.candidates is None]
    most = max((_room(query, settings) for query in open_queries), default=0)
    near = iter(_nearest(index, open_queries, settings))
    popular = _on_sale(index, liked, max(settings.popular, most))
    fresh = index.fresh(max(settings.fresh, most), at)
    return [
        _allowed(
            query,
            [
                *next(near),
                *popular[: max(settings.popular, _room(query, settings))],
                *fresh[: max(settings.fresh, _room(query, settings))],
            ],
            at,
        )
        if query.request.candidates is None
        else _allowed(query, _on_sale(index, query.request.candidates), at)
        for query in queries
    ]


def unknown_candidates(index: ItemIndex, request: ScoreRequest) -> tuple[str, ...]:
    """What was asked for and is not in the catalogue, each once."""
    asked_for = dict.fromkeys(request.candidates or ())
    return tuple(item_id for item_id in asked_for if item_id not in index)


def _nearest(
    index: ItemIndex, queries: Sequence[RankingQuery], settings: RecommendationsSettings
) -> list[list[Item]]:
    """Items near to each query, found for all of them in one search."""
    directions = [vector for query in queries for vector in query.directions]
    if not directions:
        return [[] for _ in queries]
    counts = [max(settings.nearest, _room(query, settings)) for query in queries]
    found = iter(index.nearest(np.stack(directions), max(counts)))
    return [
        [item for near in islice(found, len(query.directions)) for item in near[:count]]
        for query, count in zip(queries, counts, strict=True)
    ]


def _room(query: RankingQuery, settings: RecommendationsSettings) -> int:
    """How many of each kind fill a list, though some of them may have been bought."""
    return (query.request.k or settings.k) + len(query.bought)


def _on_sale(index: ItemIndex, item_ids: Iterable[str], count: int | None = None) -> list[Item]:
    known = (index.item(item_id) for item_id in item_ids)
    return list(islice((item for item in known if item is not None and item.on_sale), count))


def _allowed(query: RankingQuery, items: Iterable[Item], at: datetime) -> list[Item]:
    """Each once, without those that were bought or are yet to come out."""
    different = {item.id: item for item in items if is_out(item, at)}
    for item_id in query.bought:
        different.pop(item_id, None)
    return list(different.values())
