"""Lists that do not go by the user: like an item, bought together with it, popular."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.counts.bought_together import BoughtTogether
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.eligibility import Eligibility
from textwire.recommendations.messages import MOST_CANDIDATES, Item, Mode, ScoreRequest

# So many are looked at for each item of a list of what is like another, lest variants fill it.
VARIANTS = 4


class Found(NamedTuple):
    """An item of a list that does not go by the user."""

    item_id: str
    score: float
    parts: dict[str, float]
    why: str


@dataclass(frozen=True)
class ModeLists:
    """What lists of the modes `similar`, `bought_together` and `trending` are made from."""

    index: ItemIndex
    popularity: PopularitySnapshot
    together: BoughtTogether
    eligibility: Eligibility

    def found(self, query: RankingQuery, wanted: int) -> list[Found]:
        """What a list of so many items may hold, by its request's mode, best first."""
        request = query.request
        ways: Mapping[Mode, Callable[[], list[Found]]] = {
            "similar": lambda: self._similar(query, wanted),
            "bought_together": lambda: self._bought_together(request),
            "trending": self._trending,
        }
        named = None if request.candidates is None else set(request.candidates)
        return [
            one
            for one in ways[request.mode]()
            if one.item_id != request.item_id
            and (named is None or one.item_id in named)
            and self.eligibility.drop_reason(query, one.item_id) is None
        ]

    def about(self, request: ScoreRequest) -> Item | None:
        """The item that a list is about."""
        return None if request.item_id is None else self.index.item(request.item_id)

    def _similar(self, query: RankingQuery, wanted: int) -> list[Found]:
        """The nearest to an item by the vectors of their texts."""
        item = self.about(query.request)
        if item is None:
            return []
        vector = self.index.vectors_of([item.id])[0]
        near = self._near(query, vector, wanted)
        return [
            Found(item_id, likeness, {"likeness": likeness}, f"Like {item.title}")
            for item_id, likeness in near
        ]

    def _near(self, query: RankingQuery, vector: Vectors, wanted: int) -> list[tuple[str, float]]:
        request = query.request
        if request.filters or self.eligibility.rules.block or request.candidates is not None:
            ids = self.eligibility.eligible_ids(
                replace(query, profile_vector=None, context_vector=vector)
            )
        else:
            room = VARIANTS * (wanted + 1) + len(query.bought)
            ids = tuple(item.id for item in self.index.nearest(vector[None], room)[0])
        likeness = np.clip(self.index.vectors_of(ids) @ vector, 0.0, 1.0)
        order = np.argsort(-likeness, kind="stable")
        return [(ids[at], round(float(likeness[at]), 4)) for at in order]

    def _bought_together(self, request: ScoreRequest) -> list[Found]:
        item = self.about(request)
        if item is None:
            return []
        beside = self.together.beside(item.id, MOST_CANDIDATES)
        most = max((strength for _, strength in beside), default=0.0)
        why = f"Often bought with {item.title}"
        return [
            Found(item_id, strength / most, {"together": round(strength, 4)}, why)
            for item_id, strength in beside
            if strength > 0.0
        ]

    def _trending(self) -> list[Found]:
        liked = self.popularity.popularity.liked
        most = max(liked.values(), default=0.0)
        return [
            Found(item_id, liked[item_id] / most, {"liked": round(liked[item_id], 4)}, "Popular")
            for item_id in self.popularity.ranked
            if liked.get(item_id, 0.0) > 0.0
        ]
