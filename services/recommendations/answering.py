"""Requests to lists on their topics, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textwire.recommendations.candidates import RankingQuery
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.recommendations.results import (
    answered_writes,
    home_writes,
    list_forget_writes,
    paged_writes,
    read_homes,
    read_paged,
    refusal_writes,
    scores_writes,
)
from textwire.recommendations.scored_lists import ListMaker, page_at
from textwire.recommendations.topics import RECS_SCORES, reply_topic
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.stream.processor import Outgoing, Result


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

    def answers(self, asked: Sequence[Asked], maker: Callable[[], ListMaker]) -> list[Result]:
        """A result for each request, in their order.

        Args:   maker: of lists, at this moment.
        Raises: RedisUnavailable.
        """
        if not asked:
            return []
        lists = self._lists(maker(), asked)
        homes = read_homes(self._store, _pushed_to(asked))
        results = []
        for made, one in zip(lists, asked, strict=True):
            told = _first_page(made, one.request)
            if _is_of_nobody(one.query):
                results.append(Result(writes=tuple(list_forget_writes(made.user_id))))
                continue
            if made.trigger == "push" and _ids(told) == homes.get(made.user_id, []):
                results.append(Result())
                continue
            if self._is_home(told, one.request):
                homes[made.user_id] = _ids(told)
            topic = self._reply_topics.get(one.request.reply_to or "", RECS_SCORES)
            writes = self._remembered(made, told, one)
            results.append(Result((Outgoing(topic, told),), tuple(writes)))
        return results

    def _lists(self, maker: ListMaker, asked: Sequence[Asked]) -> list[ScoredList]:
        """Whole lists; those of which a later page is asked for are taken from the store."""
        begun = iter(maker.lists([one.query for one in asked if one.request.list_id is None]))
        return [
            next(begun) if one.request.list_id is None else self._later_page(maker, one.query)
            for one in asked
        ]

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


def _pushed_to(asked: Sequence[Asked]) -> list[str]:
    pushed = (one.request.user_id for one in asked if one.request.trigger == "push")
    return list(dict.fromkeys(pushed))


def _ids(scored: ScoredList) -> list[str]:
    return [item.item_id for item in scored.scores]
