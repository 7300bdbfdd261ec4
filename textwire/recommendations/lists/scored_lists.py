"""Lists as they are told: each item with its score, what the ranker saw, and a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import msgspec
import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.bought_together import BoughtTogether, NothingTogether
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery, unknown_candidates
from textwire.recommendations.lists.eligibility import Eligibility
from textwire.recommendations.lists.list_building import RankedList, Scorer, build_lists
from textwire.recommendations.lists.mode_lists import ModeLists
from textwire.recommendations.lists.reasons import reason
from textwire.recommendations.lists.rules import Rules
from textwire.recommendations.lists.why_not import DROPPED_WORDS, explained
from textwire.recommendations.messages import (
    MOST_SCORES,
    DroppedItem,
    Item,
    Mode,
    ScoredItem,
    ScoredList,
    ScoreRequest,
    WhyNot,
)
from textwire.recommendations.ranking.features import named_parts
from textwire.recommendations.ranking.following import Following

UNREAD_CONTEXT = (
    "The words of the request are in a language that the model does not read, so the list was made "
    "without them. The setting `recommendations.languages` says which languages it reads."
)

NOTHING_LEFT = (
    "No item is left that can be offered to this user. Name items in `why_not` to be told why."
)


@dataclass(frozen=True)
class ListMaker:
    """All that lists are made from, at one moment."""

    index: ItemIndex
    ranker: Scorer
    model: str
    popularity: PopularitySnapshot
    settings: RecommendationsSettings
    at: datetime
    rules: Rules = field(default_factory=Rules)
    together: BoughtTogether = field(default_factory=NothingTogether)
    item_model: Following | None = None

    @cached_property
    def _eligibility(self) -> Eligibility:
        return Eligibility(self.index, self.popularity, self.rules, self.at)

    @cached_property
    def _modes(self) -> ModeLists:
        return ModeLists(self.index, self.popularity, self.together, self._eligibility)

    def lists(self, queries: Sequence[RankingQuery]) -> list[ScoredList]:
        """A list for each query, in their order, of all the items that its pages may show."""
        queries = [query.grouped(self.index) for query in queries]
        told = self._ranked_for_users([q for q in queries if q.request.mode == "for_user"])
        for_users = iter(told)
        return [
            self._as_list(query, *next(for_users))
            if query.request.mode == "for_user"
            else self._list_of_mode(query)
            for query in queries
        ]

    def refused(self, request: ScoreRequest, error: str) -> ScoredList:
        """A list without items that says why there is none."""
        return ScoredList(
            user_id=request.user_id,
            scores=(),
            model=self.model,
            scored_at=self.at,
            request_id=request.id,
            mode=request.mode,
            item_id=request.item_id,
            context=request.context,
            k=request.k or self.settings.k,
            experiment=request.experiment,
            error=error,
        )

    def _ranked_for_users(
        self, queries: Sequence[RankingQuery]
    ) -> list[tuple[list[ScoredItem], RankedList]]:
        """Lists of `for_user`, all in one run of the ranker, each with all that was looked at."""
        narrowed = [self._narrowed(query) for query in queries]
        ranked = self._built(narrowed)
        short = [
            place
            for place, (query, one) in enumerate(zip(queries, ranked, strict=True))
            if self._may_be_short(query, one)
        ]
        again = self._built([self._narrowed(queries[place], to_rules=True) for place in short])
        for place, one in zip(short, again, strict=True):
            ranked[place] = one
        return [
            (self._with_pins(query, [*self._told(query, one)]), one)
            for query, one in zip(queries, ranked, strict=True)
        ]

    def _built(self, queries: Sequence[RankingQuery]) -> list[RankedList]:
        return build_lists(
            self.index,
            self.ranker,
            queries,
            self.popularity,
            self.settings,
            self.at,
            self.item_model,
        )

    def _narrowed(self, query: RankingQuery, *, to_rules: bool = False) -> RankingQuery:
        """The query with as many items as its pages may show, of those that it allows."""
        request = query.request
        candidates = request.candidates
        if candidates is not None:
            candidates = self._eligibility.permitted(request, candidates)
        elif request.filters or to_rules or read_asking(request.context).price.against:
            candidates = self._eligibility.eligible_ids(query)
        request = msgspec.structs.replace(request, k=self._wanted(request), candidates=candidates)
        return replace(query, request=request, adjusted=self._boosted(request.mode))

    def _boosted(self, mode: Mode) -> Callable[[Sequence[Item], Vectors], Vectors] | None:
        if not self.rules.boost:
            return None
        return lambda items, scores: self.rules.boosted(items, mode, scores)

    def _may_be_short(self, query: RankingQuery, ranked: RankedList) -> bool:
        """Whether rules took so much that others have to be looked for."""
        if not self.rules.block or query.request.candidates is not None or query.request.filters:
            return False
        left = sum(not self.rules.blocks(item, "for_user") for item in ranked.items)
        return left < min(self._wanted(query.request), len(ranked.places))

    def _wanted(self, request: ScoreRequest) -> int:
        """How many items are ranked: a list that is kept for its pages is whole."""
        return MOST_SCORES if request.offset is not None else request.k or self.settings.k

    def _told(self, query: RankingQuery, ranked: RankedList) -> Iterable[ScoredItem]:
        candidates = ranked.candidates
        for place in ranked.places:
            item, parts = candidates.items[place], named_parts(candidates.features[place])
            if self._eligibility.against(query.request, item) is None:
                why = reason(item, candidates.context_of(place), parts, self.index.item)
                yield _scored(item.id, float(ranked.scores[place]), parts, why)

    def _with_pins(self, query: RankingQuery, listed: Sequence[ScoredItem]) -> list[ScoredItem]:
        """The list with what rules pin at its beginning."""
        pins = self._pins(query)
        if not pins:
            return list(listed)
        found = {item.item_id: item for item in listed}
        absent = tuple(item_id for item_id in pins if item_id not in found)
        if absent:
            request = msgspec.structs.replace(query.request, candidates=absent, k=len(absent))
            (ranked,) = self._built([replace(query, request=request)])
            found |= {item.item_id: item for item in self._told(query, ranked)}
        first = [found[item_id] for item_id in pins if item_id in found]
        rest = [item for item in listed if item.item_id not in set(pins)]
        return once_a_group(self.index, [*first, *rest])[: self._wanted(query.request)]

    def _pins(self, query: RankingQuery) -> list[str]:
        request = query.request
        if not self.rules.pin or request.candidates is not None:
            return []
        pinned = self.rules.pinned(self.index, request.mode)
        return [
            item_id for item_id in pinned if self._eligibility.drop_reason(query, item_id) is None
        ]

    def _list_of_mode(self, query: RankingQuery) -> ScoredList:
        request = query.request
        if request.mode != "trending" and self._modes.about(request) is None:
            return self.refused(
                request,
                f"There is no item {request.item_id} in the catalogue. "
                "Send the id of one that there is in `item_id`.",
            )
        return self._as_list(query, self._of_mode(query))

    def _of_mode(self, query: RankingQuery) -> list[ScoredItem]:
        """A list that does not go by the user, but for what is not offered to them."""
        request = query.request
        found = self._modes.found(query, self._wanted(request))
        items = [item for one in found if (item := self.index.item(one.item_id)) is not None]
        scores = np.array([one.score for one in found], dtype=np.float32)
        boosted = self.rules.boosted(items, request.mode, scores)
        order = np.argsort(-boosted, kind="stable")
        listed = [
            _scored(found[at].item_id, float(boosted[at]), found[at].parts, found[at].why)
            for at in order
        ]
        pins = self._pins(query)
        first = [item for item_id in pins for item in listed if item.item_id == item_id]
        rest = [item for item in listed if item.item_id not in set(pins)]
        about = None if request.mode == "trending" else self._modes.about(request)
        return once_a_group(self.index, [*first, *rest], about)[: self._wanted(request)]

    def page_of(self, kept: ScoredList, query: RankingQuery) -> ScoredList:
        """A page of a list that was made before, without what has gone since."""
        request, query = query.request, query.grouped(self.index)
        why = {
            item.item_id: self._eligibility.drop_reason(query, item.item_id) for item in kept.scores
        }
        dropped = [DroppedItem(item_id=id_, why=gone) for id_, gone in why.items() if gone]
        begin, k = request.offset or 0, request.k or self.settings.k
        page = [item for item in kept.scores[begin : begin + k] if why[item.item_id] is None]
        return msgspec.structs.replace(
            kept,
            scores=tuple(page),
            request_id=request.id,
            k=k,
            offset=begin,
            experiment=kept.experiment if kept.arm else request.experiment,
            dropped=tuple(dropped),
            scored_at=self.at,
        )

    def _why_not(
        self, query: RankingQuery, listed: Sequence[ScoredItem], ranked: RankedList | None
    ) -> tuple[WhyNot, ...]:
        """Why each item that was asked about is not listed; of modes without a ranker, if known."""
        asked_about = tuple(dict.fromkeys(query.request.why_not))
        if not asked_about:
            return ()
        if ranked is None:
            known = {id_: self._eligibility.drop_reason(query, id_) for id_ in asked_about}
            return tuple(
                WhyNot(item_id=id_, step=why, words=DROPPED_WORDS[why])
                for id_, why in known.items()
                if why is not None
            )
        looked_at = {item.id for item in ranked.candidates.items}
        others = tuple(id_ for id_ in asked_about if id_ in self.index and id_ not in looked_at)
        alone = None
        if others:
            request = msgspec.structs.replace(query.request, candidates=others, k=len(others))
            (alone,) = self._built([replace(query, request=request)])
        return tuple(
            explained(
                id_,
                listed,
                ranked,
                alone,
                lambda one: self._eligibility.drop_reason(query, one),
                self.index.item,
            )
            for id_ in asked_about
        )

    def _as_list(
        self,
        query: RankingQuery,
        items: Sequence[ScoredItem],
        looked_at: RankedList | None = None,
    ) -> ScoredList:
        request = query.request
        ranked = tuple(
            msgspec.structs.replace(item, rank=rank) for rank, item in enumerate(items, start=1)
        )
        return ScoredList(
            user_id=request.user_id,
            scores=ranked,
            model=self.model,
            scored_at=self.at,
            request_id=request.id if request.trigger == "request" else None,
            trigger=request.trigger,
            list_id=self._list_id(request),
            mode=request.mode,
            item_id=request.item_id,
            context=request.context,
            k=request.k or self.settings.k,
            experiment=request.experiment,
            dropped=self._dropped(query, ranked),
            unknown_candidates=unknown_candidates(self.index, request),
            unread_context=query.unread,
            why_not=self._why_not(query, ranked, looked_at),
            notes=tuple(self._notes(query, ranked)),
        )

    def _list_id(self, request: ScoreRequest) -> str:
        told = (request.user_id, request.id or "", request.trigger, self.at.isoformat(), self.model)
        return hashlib.sha256("\0".join(told).encode()).hexdigest()[:20]

    def _dropped(
        self, query: RankingQuery, listed: Sequence[ScoredItem]
    ) -> tuple[DroppedItem, ...]:
        """The candidates of a request that are not in its list, but for those beyond its end."""
        there = {item.item_id for item in listed}
        asked_for = dict.fromkeys(query.request.candidates or ())
        why = {
            id_: self._eligibility.drop_reason(query, id_) for id_ in asked_for if id_ not in there
        }
        return tuple(DroppedItem(item_id=id_, why=gone) for id_, gone in why.items() if gone)

    def _notes(self, query: RankingQuery, listed: Sequence[ScoredItem]) -> Iterable[str]:
        if query.unread:
            yield UNREAD_CONTEXT
        request = query.request
        if limits := read_asking(request.context).price.words:
            yield f"Of prices the request says: {limits}. Items of other prices are left out."
        if not listed:
            yield from self._why_empty(request)

    def _why_empty(self, request: ScoreRequest) -> Iterable[str]:
        if request.candidates is not None and not request.candidates:
            yield "`candidates` names no item. Leave it out to choose among all."
        elif request.filters and not len(self.index.offered(request.filters, self.at)):
            unmet = " and ".join(f"`{name}`" for name in self.index.unmet(request.filters))
            yield f"No item has what is asked of {unmet or 'all filters together'}."
        elif request.mode == "bought_together":
            yield f"It is not known yet what is bought with {request.item_id}."
        elif request.mode == "trending":
            yield "Nothing is liked by several users lately."
        else:
            yield NOTHING_LEFT


def once_a_group(
    index: ItemIndex, listed: Iterable[ScoredItem], about: Item | None = None
) -> list[ScoredItem]:
    """Of variants the first; none of the variants of an item that a list is about."""
    groups = {about.group} if about is not None and about.group else set()
    kept = []
    for one in listed:
        item = index.item(one.item_id)
        group = None if item is None else item.group
        if not group or group not in groups:
            kept.append(one)
        if group:
            groups.add(group)
    return kept


def page_at(scored: ScoredList, offset: int) -> ScoredList:
    """A page of a whole list."""
    end = offset + (scored.k or 0)
    return msgspec.structs.replace(scored, scores=scored.scores[offset:end], offset=offset)


def _scored(item_id: str, score: float, parts: dict[str, float], why: str) -> ScoredItem:
    kept = min(1.0, max(0.0, round(score, 8)))
    return ScoredItem(item_id=item_id, rank=1, score=kept, parts=parts, reason=why)
