"""The pure middle of recommendations: what users do and ask for in, their lists out.

A user's profile and history are written by the partition of their events alone, and their last list
by that of their requests: the two may be worked on by different replicas at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from threading import Event

from services.recommendations.catalogue import Catalogue, ServingSnapshot
from services.recommendations.debounced_push import mark_writes
from services.recommendations.event_validation import checked, own_words
from services.recommendations.profiles import Profiles, Words
from services.recommendations.refusing import refusal
from services.recommendations.scoring import make_lists
from textwire.errors import Unavailable
from textwire.observing.stages import Timed
from textwire.recommendations.candidates import RankingQuery
from textwire.recommendations.co_occurrence import (
    co_occurrence_writes,
    read_neighbours,
    with_counted,
)
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.messages import BehaviourEvent, ScoredList, ScoreRequest
from textwire.recommendations.popularity import PopularitySnapshot, count_writes
from textwire.recommendations.results import (
    Profile,
    event_writes,
    forget_writes,
    profile_writes,
    read_dirty_since,
    read_last_scores,
    scores_key,
    scores_writes,
)
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS, RECS_SCORES
from textwire.results.store import ResultStore
from textwire.results.writes import Remove, Write
from textwire.stream.processor import Outgoing, Received, Rejected, Result
from textwire.wire.topic import Topic

Clock = Callable[[], datetime]

# Short, so that a service which is told to stop meanwhile does.
CATALOGUE_WAIT_S = 0.5


class Recommendations:
    """Works through batches of events and requests, each on the snapshot that it began with."""

    name = "recommendations"
    inputs: tuple[Topic, ...] = (RECS_EVENTS, RECS_REQUESTS)

    def __init__(
        self,
        catalogue: Catalogue,
        store: ResultStore,
        popularity: Callable[[], PopularitySnapshot],
        clock: Clock,
        settings: RecommendationsSettings,
        catalogue_read: Event,
        timed: Timed = nullcontext,
    ) -> None:
        """What the service stands on.

        Args: store: where profiles, histories and last lists are.
              popularity: what all users like at the moment.
              catalogue_read: set once all items were read; nothing is done before.
              timed: measures a stage of the work, by its name.
        """
        self._catalogue = catalogue
        self._store = store
        self._popularity = popularity
        self._clock = clock
        self._settings = settings
        self._catalogue_read = catalogue_read
        self._timed = timed

    @property
    def model(self) -> str:
        """The version of the model in use."""
        return self._catalogue.snapshot.model.version

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """What each event leaves, and a list for each request, in their order.

        A request sees the events before it in the batch, and none after it.

        Raises: RecordRejected: an event that says nothing of use.
                RedisUnavailable: profiles are away.
                Unavailable: the catalogue is still being read.
        """
        self._wait_for_catalogue()
        now = self._clock()
        messages = [_checked(received.message, now) for received in batch]
        # Taken once: another model or other items come in between two batches.
        snapshot = self._catalogue.snapshot
        users = dict.fromkeys(message.user_id for message in messages)
        profiles = Profiles(self._store, snapshot, users, self._half_life_days(snapshot))
        words = self._embed(snapshot, [*_words_in(messages), *profiles.said])
        profiles.catch_up(words)
        asked = [message for message in messages if isinstance(message, ScoreRequest)]
        results, queries = self._follow(snapshot, messages, profiles, words, now)
        lists = iter(self._answer(snapshot, asked, queries, now))
        return [next(lists) if result is None else result for result in results]

    def refuse(self, rejected: Rejected) -> Result:
        """A list without items that says why a request cannot be served; events ask for none."""
        return refusal(rejected, self.model, self._clock())

    def _wait_for_catalogue(self) -> None:
        # Lest a service that has just started knows none of the items that it is asked for.
        if not self._catalogue_read.wait(CATALOGUE_WAIT_S):
            raise Unavailable("The catalogue is still being read.")

    def _half_life_days(self, snapshot: ServingSnapshot) -> float:
        return self._settings.half_life_days or snapshot.model.half_life_days

    def _embed(self, snapshot: ServingSnapshot, texts: Sequence[str]) -> Words:
        """All words of the batch at once. They are not kept: they are the users' own."""
        different = list(dict.fromkeys(texts))
        if not different:
            return {}
        with self._timed("infer"):
            vectors = snapshot.model.encoder.encode(different)
        return dict(zip(different, vectors, strict=True))

    def _follow(
        self,
        snapshot: ServingSnapshot,
        messages: Sequence[BehaviourEvent | ScoreRequest],
        profiles: Profiles,
        words: Words,
        now: datetime,
    ) -> tuple[list[Result | None], list[RankingQuery]]:
        """Go through a batch: what events lead to, and what requests ask for at their place."""
        results: list[Result | None] = []
        queries: list[RankingQuery] = []
        counted: list[Write] = []
        lasts = {m.user_id: m for m in messages if isinstance(m, BehaviourEvent)}
        changed = read_dirty_since(self._store, list(lasts))
        for message in messages:
            user_id = message.user_id
            if isinstance(message, ScoreRequest):
                query = _query(snapshot, message, profiles.of(user_id), words)
                stored = read_neighbours(self._store, [query.profile])
                queries.append(query.knowing(with_counted(stored, counted)))
                results.append(None)
            elif message.kind == "forget":
                profiles.forget(user_id)
                changed.pop(user_id, None)
                results.append(_forgotten(user_id))
            else:
                together = co_occurrence_writes(profiles.of(user_id), message)
                counted += together
                profiles.add(message, words)
                writes = [*event_writes(message), *count_writes(message, now), *together]
                if lasts[user_id] is message:  # one is enough: it holds the ones before
                    writes += profile_writes(profiles.known(user_id))
                    writes += mark_writes(user_id, changed.get(user_id), now, self._settings)
                results.append(Result(writes=tuple(writes)))
        return results, queries

    def _answer(
        self,
        snapshot: ServingSnapshot,
        asked: Sequence[ScoreRequest],
        queries: Sequence[RankingQuery],
        now: datetime,
    ) -> list[Result]:
        """A list for each request; for a push, only where it is another than the last."""
        if not asked:
            return []
        with self._timed("score"):
            lists = make_lists(snapshot, queries, self._popularity(), self._settings, now)
        last = read_last_scores(self._store, _pushed_to(asked))
        results = []
        for made, query in zip(lists, queries, strict=True):
            result = _listed(made, last.get(made.user_id), query.profile)
            if result.messages:
                last[made.user_id] = made
            results.append(result)
        return results


def _checked(
    message: BehaviourEvent | ScoreRequest, now: datetime
) -> BehaviourEvent | ScoreRequest:
    return checked(message, now) if isinstance(message, BehaviourEvent) else message


def _words_in(messages: Sequence[BehaviourEvent | ScoreRequest]) -> list[str]:
    said = (own_words(m) if isinstance(m, BehaviourEvent) else _context(m) for m in messages)
    return [words for words in said if words]


def _context(request: ScoreRequest) -> str:
    return (request.context or "").strip()


def _query(
    snapshot: ServingSnapshot, request: ScoreRequest, profile: Profile | None, words: Words
) -> RankingQuery:
    dimension = snapshot.index.on_sale.dimension
    return RankingQuery.of(request, profile, words.get(_context(request)), dimension)


def _pushed_to(asked: Sequence[ScoreRequest]) -> list[str]:
    return list(dict.fromkeys(one.user_id for one in asked if one.trigger == "push"))


def _listed(made: ScoredList, last: ScoredList | None, profile: Profile | None) -> Result:
    if made.trigger == "push" and profile is None:
        # The user was forgotten: so is a list that was made meanwhile.
        return Result(writes=(Remove(scores_key(made.user_id)),))
    if made.trigger == "push" and _ids(made) == _ids(last):
        return Result()
    return Result((Outgoing(RECS_SCORES, made),), tuple(scores_writes(made)))


def _ids(scored: ScoredList | None) -> list[str]:
    return [item.item_id for item in scored.scores] if scored else []


def _forgotten(user_id: str) -> Result:
    """Everything goes, and a list that another replica is just making goes after it."""
    after = ScoreRequest(user_id=user_id, trigger="push")
    return Result((Outgoing(RECS_REQUESTS, after),), tuple(forget_writes(user_id)))
