"""From a query to a list: candidates, features, scores, an order that is not all the same.

The service makes its lists here and evaluation measures them here, so what is measured serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.asked.price_preference import towards_price
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery, find_candidates
from textwire.recommendations.lists.turns import Offer, Turn, in_turns
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.turned_down import put_down
from textwire.recommendations.ranking.diversity import diversified
from textwire.recommendations.ranking.features import FEATURES, RankingContext, compute_features
from textwire.recommendations.ranking.following import Following

# What tells apart items that score the same.
MATCH = [FEATURES.index("context_match"), FEATURES.index("text_match")]


class Scorer(Protocol):
    """Tells from features how probable it is that an item will be clicked or bought next."""

    @property
    def name(self) -> str:
        """Which ranker this is."""
        ...

    def score(self, features: Vectors) -> Vectors:
        """(n, features) float32 to (n,) in [0, 1]."""
        ...


@dataclass(frozen=True)
class FoundCandidates:
    """What is looked at for one list: n items, their vectors (n, d), their features (n, f).

    contexts  of n items each one's, where the list is of several wishes.
    """

    context: RankingContext
    items: Sequence[Item]
    vectors: Vectors
    features: Vectors
    contexts: Sequence[RankingContext] = ()

    def context_of(self, place: int) -> RankingContext:
        """What the features of the item at a place were computed from."""
        return self.contexts[place] if self.contexts else self.context


@dataclass(frozen=True)
class RankedList:
    """One list: every candidate's score, (n,), and the places of at most k, in their order."""

    candidates: FoundCandidates
    scores: Vectors
    places: Sequence[int]

    @property
    def items(self) -> list[Item]:
        """What the list holds, the first first."""
        return [self.candidates.items[place] for place in self.places]


def build_lists(
    index: ItemIndex,
    ranker: Scorer,
    queries: Sequence[RankingQuery],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
    item_model: Following | None = None,
) -> list[RankedList]:
    """A list for each query, in their order; of as many items as it asks for.

    Of several wishes a list is made for each, and they take turns.
    """
    wishes = [query.each_wish() for query in queries]
    flat = [wish for of_query in wishes for wish in of_query]
    made = iter(_built(index, ranker, flat, popularity, settings, at, item_model))
    return [
        _together([next(made) for _ in of_query], query.request.k or settings.k)
        for query, of_query in zip(queries, wishes, strict=True)
    ]


def _built(
    index: ItemIndex,
    ranker: Scorer,
    queries: Sequence[RankingQuery],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
    item_model: Following | None,
) -> list[RankedList]:
    found = gather_candidates(index, queries, popularity, settings, at, item_model)
    lists = []
    for query, candidates, scored in zip(queries, found, _scored(ranker, found), strict=True):
        scores = put_down(index, query.profile, candidates.items, candidates.vectors, scored)
        scores = towards_price(read_asking(query.request.context).price, candidates.items, scores)
        if query.adjusted is not None:
            scores = query.adjusted(candidates.items, scores)
        k = query.request.k or settings.k
        match = candidates.features[:, MATCH].max(axis=1, initial=-1.0)
        groups = [item.group for item in candidates.items]
        wanted = query.request.trade_off
        trade_off = settings.trade_off if wanted is None else wanted
        places = diversified(scores, candidates.vectors, k, trade_off, match, groups)
        lists.append(RankedList(candidates, scores, places))
    return lists


def _together(lists: Sequence[RankedList], k: int) -> RankedList:
    """One list of the lists of several wishes.

    A score is that of wishing each of them as likely; what the ranker saw of an item is told of the
    wish that it was taken for, or else of the one that it suits best.
    """
    if len(lists) == 1 or not any(one.candidates.items for one in lists):
        return lists[0]
    turns = in_turns([[_offer(one, place) for place in one.places] for one in lists], k)
    told = [Turn(turn.wish, lists[turn.wish].places[turn.place]) for turn in turns]
    candidates = _joined(lists, _each_once(lists, [*told, *_best_first(lists)]))
    return RankedList(candidates, _mean_scores(lists, candidates.items), range(len(turns)))


def _best_first(lists: Sequence[RankedList]) -> list[Turn]:
    """All that was looked at, by its score for each wish."""
    everything = (Turn(n, place) for n, one in enumerate(lists) for place in range(len(one.scores)))
    return sorted(everything, key=lambda at: -float(lists[at.wish].scores[at.place]))


def _each_once(lists: Sequence[RankedList], turns: Sequence[Turn]) -> list[Turn]:
    """Of each item the first."""
    chosen: dict[str, Turn] = {}
    for turn in turns:
        chosen.setdefault(lists[turn.wish].candidates.items[turn.place].id, turn)
    return list(chosen.values())


def _joined(lists: Sequence[RankedList], turns: Sequence[Turn]) -> FoundCandidates:
    found = [(lists[turn.wish].candidates, turn.place) for turn in turns]
    return FoundCandidates(
        context=lists[0].candidates.context,
        items=[one.items[place] for one, place in found],
        vectors=np.stack([one.vectors[place] for one, place in found]),
        features=np.stack([one.features[place] for one, place in found]),
        contexts=[one.context for one, _ in found],
    )


def _mean_scores(lists: Sequence[RankedList], items: Sequence[Item]) -> Vectors:
    """Scores of items over all wishes, (n,); 0 for a wish that did not look at one."""
    sums = dict.fromkeys((item.id for item in items), 0.0)
    for one in lists:
        for item, score in zip(one.candidates.items, one.scores, strict=True):
            sums[item.id] += float(score)
    return np.array([sums[item.id] / len(lists) for item in items], dtype=np.float32)


def _offer(ranked: RankedList, place: int) -> Offer:
    item = ranked.candidates.items[place]
    return Offer(("group", item.group) if item.group else item.id, float(ranked.scores[place]))


def gather_candidates(
    index: ItemIndex,
    queries: Sequence[RankingQuery],
    popularity: PopularitySnapshot,
    settings: RecommendationsSettings,
    at: datetime,
    item_model: Following | None = None,
) -> list[FoundCandidates]:
    """What is looked at for each query, in their order, as the ranker sees it."""
    located = [query.located(index, item_model) for query in queries]
    found = find_candidates(index, located, popularity, settings, at)
    return [
        _described(index, items, ranking_context(query, popularity, at))
        for query, items in zip(located, found, strict=True)
    ]


def ranking_context(
    query: RankingQuery, popularity: PopularitySnapshot, at: datetime
) -> RankingContext:
    """What features are computed from.

    Args: query: located in the index that its items are of.
    """
    return RankingContext(
        profile=query.profile,
        profile_vector=query.profile_vector,
        context_vector=query.context_vector,
        at=at,
        popularity=popularity.popularity,
        taken=popularity.taken,
        trail=query.trail,
        neighbours=query.neighbours,
        item_scores=query.item_scores,
        catalogue_size=query.catalogue_size,
        asked=query.asked,
        unwanted=read_asking(query.request.context).unwanted,
    )


def _described(index: ItemIndex, items: Sequence[Item], context: RankingContext) -> FoundCandidates:
    vectors = index.vectors_of([item.id for item in items])
    return FoundCandidates(context, items, vectors, compute_features(context, items, vectors))


def _scored(ranker: Scorer, found: Sequence[FoundCandidates]) -> list[Vectors]:
    """Probabilities of all candidates of all queries, in one run of the ranker."""
    if not found:
        return []
    ends = np.cumsum([len(candidates.items) for candidates in found])
    scores = ranker.score(np.concatenate([candidates.features for candidates in found]))
    return np.split(scores, ends[:-1])
