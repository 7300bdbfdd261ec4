"""Which items are looked at for a list, from every side that may know what is next.

What is near to the user or to what is asked for; what is taken with the user's items, as counted
and as learned; what is liked lately and ever, also in the user's categories; what is new; and,
where the log says that people buy the same again, what the user bought.

How many are looked at does not hang on how long a list is asked for: ten begin two hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from heapq import nlargest
from itertools import chain, islice

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.left_out import against_words
from textwire.recommendations.catalogue.item_index import ItemIndex, is_out
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.co_occurrence import Neighbours
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.user_exclusions import left_out, variants_left_out
from textwire.recommendations.messages import MOST_SCORES, DropReason, Item, ScoreRequest
from textwire.recommendations.profiles.trail import STEPS, Trail, trail_weights
from textwire.recommendations.profiles.user_profile import profile_vector
from textwire.recommendations.ranking.following import Following
from textwire.recommendations.results import Profile

CATEGORIES = 3


@dataclass(frozen=True)
class RankingQuery:
    """A request, what is known of its user, and where to look: vectors (d,), of unit length.

    neighbours      of the items of the user's trail, by item.
    words           what is asked for, where it is one wish of several; None: the whole request.
    wishes          of a request for several things: each one's words and their vector (d,).
    variants_out    groups of which no variant is offered, and why; see `grouped`.
    trail, item_scores, catalogue_size   what an index and a model say to it; see `located`.
    """

    request: ScoreRequest
    profile: Profile | None
    profile_vector: Vectors | None
    context_vector: Vectors | None
    # What a shop's own rules make of scores: items and scores (n,) to scores (n,).
    adjusted: Callable[[Sequence[Item], Vectors], Vectors] | None = None
    # Whether the words of the request are in a language that the model does not read.
    unread: bool = False
    words: str | None = None
    wishes: tuple[tuple[str, Vectors], ...] = ()
    neighbours: Mapping[str, Neighbours] = field(default_factory=dict)
    trail: Trail = field(default_factory=Trail)
    item_scores: Mapping[str, float] = field(default_factory=dict)
    catalogue_size: int = 0
    variants_out: Mapping[str, DropReason] = field(default_factory=dict)

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

    @property
    def asked(self) -> str:
        """The words by which items are looked at."""
        return (self.request.context or "") if self.words is None else self.words

    def each_wish(self) -> list[RankingQuery]:
        """A query for each of several wishes; itself where it is one."""
        return [
            replace(self, context_vector=vector, words=words, wishes=())
            for words, vector in self.wishes
        ] or [self]

    def knowing(self, neighbours: Mapping[str, Neighbours]) -> RankingQuery:
        """Itself, with what is taken together with the user's items among these."""
        steps = list(self.profile.trail)[-STEPS:] if self.profile else []
        return replace(self, neighbours={i: neighbours[i] for i in steps if i in neighbours})

    def grouped(self, index: ItemIndex) -> RankingQuery:
        """Itself, with the variants of what the user has, as the index knows them."""
        return replace(self, variants_out=variants_left_out(self.request, self.profile, index.item))

    def located(self, index: ItemIndex, item_model: Following | None = None) -> RankingQuery:
        """Itself, with the user's items as the index has them and what follows from these."""
        trail = locate_trail(self.profile, index)
        return replace(
            self.grouped(index),
            trail=trail,
            item_scores=item_model.scores(trail.ids, trail.shares) if item_model else {},
            catalogue_size=len(index),
        )

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
        """Where near items are looked for, each (d,) float32: three vectors, or one a wish more."""
        wished: list[Vectors | None] = [vector for _, vector in self.wishes]
        asked = wished or [self.context_vector]
        all_of_them = (self.profile_vector, *asked, self.trail.direction)
        return [vector for vector in all_of_them if vector is not None]


def locate_trail(profile: Profile | None, index: ItemIndex) -> Trail:
    """The last steps of a user whose items the index knows."""
    steps = list(profile.trail.items())[-STEPS:] if profile else []
    known = [(item_id, at_s) for item_id, at_s in steps if item_id in index]
    if profile is None or not known:
        return Trail()
    ids = tuple(item_id for item_id, _ in known)
    return Trail(
        ids=ids,
        shares=trail_weights(ids),
        vectors=index.vectors_of(ids),
        bought=frozenset(ids) & frozenset(profile.bought),
        newest_s=known[-1][1],
    )


def find_candidates(
    index: ItemIndex,
    queries: Sequence[RankingQuery],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
) -> list[list[Item]]:
    """Different items for each query, all of them available and out.

    What was bought before is among them only where users buy the same again. What is found for one
    does not hang on who else asks.

    Args: queries: located in this index.
    """
    open_queries = [query for query in queries if query.request.candidates is None]
    near = iter(_nearest(index, open_queries, settings))
    repeats = popularity.taken.repeat_rate > 0.0
    return [
        _allowed(query, _gathered(index, query, next(near), popularity, settings, at), at, repeats)
        if query.request.candidates is None
        else _allowed(query, _on_sale(index, query.request.candidates), at, repeats)
        for query in queries
    ]


def unknown_candidates(index: ItemIndex, request: ScoreRequest) -> tuple[str, ...]:
    """What was asked for and is not in the catalogue, each once."""
    asked_for = dict.fromkeys(request.candidates or ())
    return tuple(item_id for item_id in asked_for if item_id not in index)


def _gathered(
    index: ItemIndex,
    query: RankingQuery,
    near: Sequence[Item],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
) -> list[Item]:
    spare = len(query.bought)
    found = [
        *near,
        *_on_sale(index, _taken_together(query), settings.together + spare),
        *_on_sale(index, _strongest(query.item_scores, settings.together + spare)),
        *_on_sale(index, popularity.ranked, settings.popular + spare),
        *_on_sale(index, popularity.taken.ranked, settings.popular + spare),
        *_in_categories(index, query, popularity.taken.known, settings.popular),
        *index.fresh(settings.fresh + spare, at),
        *_on_sale(index, query.trail.bought),
    ]
    room = MOST_SCORES + spare
    if len({item.id for item in found}) < room:
        found += _on_sale(index, chain(popularity.taken.ranked, index.numbers), room)
    return found


def _taken_together(query: RankingQuery) -> list[str]:
    """What is taken with the user's items, the most first."""
    sums: dict[str, float] = {}
    for item_id, share in zip(query.trail.ids, query.trail.shares, strict=True):
        row = query.neighbours.get(item_id, {})
        total = sum(row.values()) or 1
        for other, units in row.items():
            sums[other] = sums.get(other, 0.0) + float(share) * units / total
    return _strongest(sums, len(sums))


def _strongest(weights: Mapping[str, float], count: int) -> list[str]:
    return nlargest(count, weights, key=lambda item_id: (weights[item_id], item_id))


def _in_categories(
    index: ItemIndex, query: RankingQuery, ranked: Sequence[str], count: int
) -> list[Item]:
    """What is taken most in the categories that the user likes most."""
    weights = query.profile.categories if query.profile else {}
    liked = set(nlargest(CATEGORIES, weights, key=weights.__getitem__))
    if not liked:
        return []
    known = (index.item(item_id) for item_id in ranked)
    wanted = (item for item in known if item is not None and item.category in liked)
    return list(islice((item for item in wanted if item.on_sale), count))


def _nearest(
    index: ItemIndex, queries: Sequence[RankingQuery], settings: RecommendationsSettings
) -> list[list[Item]]:
    """Items near to each query, found for all of them in one search."""
    directions = [vector for query in queries for vector in query.directions]
    if not directions:
        return [[] for _ in queries]
    counts = [settings.nearest + len(query.bought) for query in queries]
    found = iter(index.nearest(np.stack(directions), max(counts)))
    return [
        [item for near in islice(found, len(query.directions)) for item in near[:count]]
        for query, count in zip(queries, counts, strict=True)
    ]


def _on_sale(index: ItemIndex, item_ids: Iterable[str], count: int | None = None) -> list[Item]:
    known = (index.item(item_id) for item_id in item_ids)
    return list(islice((item for item in known if item is not None and item.on_sale), count))


def _allowed(query: RankingQuery, items: Iterable[Item], at: datetime, repeats: bool) -> list[Item]:
    """Each once, without what is yet to come out, or the request's words leave out.

    What was bought is there only where users buy it again.
    """
    different = {
        item.id: item
        for item in items
        if is_out(item, at) and against_words(query.request.context, item) is None
    }
    for item_id, why in query.left_out.items():
        if why != "bought" or not repeats or item_id not in query.trail.bought:
            different.pop(item_id, None)
    # What is bought again is that very size.
    again = query.left_out.keys() & different.keys()
    return [
        item
        for item in different.values()
        if item.group not in query.variants_out or item.id in again
    ]
