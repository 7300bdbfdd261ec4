"""Requests to lists on their topics, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.recommendations.experimenting import Plan
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.experiments.exposures import Exposing, read_exposed
from textwire.recommendations.experiments.interleaving import team_draft
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.scored_lists import ListMaker, page_at
from textwire.recommendations.messages import ScoredItem, ScoredList, ScoreRequest
from textwire.recommendations.results import (
    answered_writes,
    home_writes,
    list_forget_writes,
    paged_writes,
    read_homes,
    read_paged,
    refusal_writes,
    scores_writes,
    tried_writes,
)
from textwire.recommendations.topics import RECS_SCORES, reply_topic
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.stream.processor import Outgoing, Result
from textwire.wire.topic import Topic


class Asked(NamedTuple):
    """A request at its place in the batch.

    answered  ids of its user's requests up to this one; none where it has no id of its own.
    """

    query: RankingQuery
    answered: Sequence[str]

    @property
    def request(self) -> ScoreRequest:
        """What is asked for."""
        return self.query.request


class Wish(NamedTuple):
    """A request, who makes its list, and what it asks of each version that does."""

    plan: Plan
    asked: Mapping[str, Asked]

    @property
    def first(self) -> Asked:
        """What is asked of the version that comes first, which knows the user."""
        return self.asked[self.plan.versions[0]]

    @property
    def request(self) -> ScoreRequest:
        """What is asked for."""
        return self.first.request


class Made(NamedTuple):
    """A whole list; `picks_b`: of an interleaved one, what the second version picked."""

    scored: ScoredList
    picks_b: Sequence[str] = ()


class Answering:
    """Makes the lists of a batch, and says of each where it goes and what stays of it.

    A list that nobody asked for is published only where it is another than the user had at home:
    their own list of all items, as long as it usually is. What was asked for with a context, with
    filters or in another mode is no such list.
    """

    def __init__(self, store: ResultStore, settings: RecommendationsSettings) -> None:
        self._store = store
        self._settings = settings
        self._reply_topics = {name: reply_topic(name) for name in settings.reply_topics}

    def answers(self, wishes: Sequence[Wish], maker_of: Callable[[str], ListMaker]) -> list[Result]:
        """A result for each request, in their order.

        Args:   maker_of: makes lists by a version, at this moment.
        Raises: RedisUnavailable.
        """
        if not wishes:
            return []
        made = self._lists(wishes, maker_of)
        homes = read_homes(self._store, _pushed_to(wishes))
        users = list(dict.fromkeys(wish.request.user_id for wish in wishes))
        exposing = Exposing(read_exposed(self._store, users))
        results = []
        for (scored, picks_b), wish in zip(made, wishes, strict=True):
            request, user_id = wish.request, scored.user_id
            told = _first_page(scored, request)
            if _is_of_nobody(wish.first.query):
                exposing.forget(user_id)
                results.append(Result(writes=tuple(list_forget_writes(user_id))))
                continue
            if scored.trigger == "push" and _ids(told) == homes.get(user_id, []):
                results.append(Result())
                continue
            if self._is_home(told, request):
                homes[user_id] = _ids(told)
            topic = self.topic_of(request.reply_to)
            writes = self._remembered(scored, told, wish.first)
            if _is_exposure(told, request):
                writes += exposing.shown(told, picks_b)
            results.append(Result((Outgoing(topic, told),), tuple(writes)))
        return results

    def topic_of(self, reply_to: str | None) -> Topic:
        """Where an answer goes; to the usual topic where another is not allowed."""
        return self._reply_topics.get(reply_to or "", RECS_SCORES)

    def _lists(self, wishes: Sequence[Wish], maker_of: Callable[[str], ListMaker]) -> list[Made]:
        """Whole lists; those of which a later page is asked for are taken from the store."""
        versions = dict.fromkeys(version for wish in wishes for version in wish.plan.versions)
        makers = {version: maker_of(version) for version in versions}
        by_version = {v: iter(self._begun(v, makers[v], wishes)) for v in versions}
        made = []
        for wish in wishes:
            first = makers[wish.plan.versions[0]]
            if wish.request.list_id is not None:
                made.append(Made(self._later_page(first, wish.first.query)))
                continue
            lists = [next(by_version[version]) for version in wish.plan.versions]
            if wish.plan.unserved is not None:
                made.append(Made(first.refused(wish.request, _unserved(wish.plan, makers))))
            else:
                made.append(_of_experiment(lists, wish, first.index))
        return made

    def _begun(self, version: str, maker: ListMaker, wishes: Sequence[Wish]) -> list[ScoredList]:
        """What a version makes for those that it makes a new list for, all in one run."""
        mine = [
            wish
            for wish in wishes
            if version in wish.plan.versions and wish.request.list_id is None
        ]
        return maker.lists([wish.asked[version].query for wish in mine])

    def _later_page(self, maker: ListMaker, query: RankingQuery) -> ScoredList:
        request = query.request
        kept = read_paged(self._store, request.user_id, request.list_id or "")
        if kept is None:
            return maker.refused(
                request,
                f"There is no list {request.list_id} any more: a list is kept for half an hour. "
                "Ask for a new one, without `list_id` and with `offset` 0.",
            )
        return maker.page_of(kept, query)

    def _remembered(self, made: ScoredList, told: ScoredList, asked: Asked) -> list[Write]:
        """What stays of a list: for pages, for pushes, and that its request was answered."""
        if asked.request.is_trial:
            writes = tried_writes(told)
        else:
            writes = refusal_writes(told) if told.error else scores_writes(told)
        if told is not made:
            writes += paged_writes(made)
        if self._is_home(told, asked.request):
            writes += home_writes(told)
        if asked.answered:
            writes += answered_writes(made.user_id, asked.answered)
        return writes

    def _is_home(self, told: ScoredList, request: ScoreRequest) -> bool:
        return request.is_plain and not told.error and told.k == self._settings.k


def _first_page(made: ScoredList, request: ScoreRequest) -> ScoredList:
    """Of a whole list that was just made, the page that was asked for."""
    if request.offset is None or request.list_id is not None or made.error:
        return made
    return page_at(made, request.offset)


def _is_of_nobody(query: RankingQuery) -> bool:
    """Whether its user was forgotten: so is a list that was made meanwhile."""
    return query.request.trigger == "push" and query.profile is None


def _is_exposure(told: ScoredList, request: ScoreRequest) -> bool:
    """Whether a list is one that its user is shown as their own."""
    return bool(told.scores) and told.mode == "for_user" and not request.is_trial


def _unserved(plan: Plan, makers: Mapping[str, ListMaker]) -> str:
    served = ", ".join(sorted({makers[version].model for version in plan.versions}))
    return (
        f"`model` is {plan.unserved}, which is not served now. The champion is {served}; others "
        "are served while an experiment with them runs: `textwire recs experiment start`."
    )


def _of_experiment(lists: Sequence[ScoredList], wish: Wish, index: ItemIndex) -> Made:
    """The list with its experiment; of two one, where both pick in turn."""
    experiment, arm = wish.plan.experiment, wish.plan.arm
    first = lists[0]
    if experiment is None or first.error:
        return Made(first)
    if len(lists) == 1:
        return Made(msgspec.structs.replace(first, experiment=experiment.name, arm=arm))
    a, b = lists[0].scores, lists[1].scores
    seed = (experiment.name, first.user_id, *_ids(lists[0]), "|", *_ids(lists[1]))

    def same(one: ScoredItem) -> str:
        item = index.item(one.item_id)
        return f"group {item.group}" if item is not None and item.group else f"id {one.item_id}"

    picked = team_draft(a, b, max(len(a), len(b)), same, *seed)
    listed = [(pick.arm, (a if pick.arm == "a" else b)[pick.place]) for pick in picked]
    scores = tuple(
        msgspec.structs.replace(one, rank=rank) for rank, (_, one) in enumerate(listed, start=1)
    )
    interleaved = msgspec.structs.replace(
        first,
        scores=scores,
        model=" + ".join(one.model for one in lists),
        experiment=experiment.name,
        arm=arm,
    )
    return Made(interleaved, [one.item_id for team, one in listed if team == "b"])


def _pushed_to(wishes: Sequence[Wish]) -> list[str]:
    pushed = (one.request.user_id for one in wishes if one.request.trigger == "push")
    return list(dict.fromkeys(pushed))


def _ids(scored: ScoredList) -> list[str]:
    return [item.item_id for item in scored.scores]
