"""The pure middle of recommendations: what users do and ask for in, their lists out.

A user's profile and history are written by the partition of their events alone, and their last list
by that of their requests: the two may be worked on by different replicas at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from threading import Event

from services.recommendations.answering import Answering, Asked
from services.recommendations.catalogue import Catalogue, ServingSnapshot
from services.recommendations.debounced_push import mark_writes
from services.recommendations.event_validation import checked, own_words
from services.recommendations.identifying import following, is_asked
from services.recommendations.profiles import Profiles, Words
from services.recommendations.refusing import refusal
from services.recommendations.request_validation import checked_request
from textwire.errors import Unavailable
from textwire.observing.stages import Timed
from textwire.recommendations.bought_together import BoughtTogether, NothingTogether
from textwire.recommendations.candidates import RankingQuery
from textwire.recommendations.co_occurrence import (
    co_occurrence_writes,
    read_neighbours,
    with_counted,
)
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest
from textwire.recommendations.popularity import PopularitySnapshot
from textwire.recommendations.reading import is_understood
from textwire.recommendations.results import (
    Profile,
    event_writes,
    forget_writes,
    profile_writes,
    read_answered,
    read_dirty_since,
)
from textwire.recommendations.rules import Rules
from textwire.recommendations.scored_lists import ListMaker
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS
from textwire.results.store import ResultStore
from textwire.results.writes import Write
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
        rules: Callable[[], Rules] = Rules,
        together: Callable[[], BoughtTogether] = NothingTogether,
    ) -> None:
        """What the service stands on.

        Args: store: where profiles, histories and last lists are.
              popularity: what all users like at the moment.
              catalogue_read: set once all items were read; nothing is done before.
              timed: measures a stage of the work, by its name.
              rules: the shop's own that hold now. together: what is bought together, as known now.
        """
        self._catalogue = catalogue
        self._store = store
        self._popularity = popularity
        self._clock = clock
        self._settings = settings
        self._catalogue_read = catalogue_read
        self._timed = timed
        self._rules = rules
        self._together = together
        self._answering = Answering(store, settings)

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
        messages = [self._checked(received.message, now) for received in batch]
        # An id that a record gave tells no repeat: each record has another.
        given = [received.message.id != received.record.id for received in batch]
        # Taken once: another model or other items come in between two batches.
        snapshot = self._catalogue.snapshot
        users = dict.fromkeys(message.user_id for message in messages)
        guests = [m.same_as for m in messages if isinstance(m, BehaviourEvent) and m.same_as]
        half_life_days = self._half_life_days(snapshot)
        profiles = Profiles(self._store, snapshot, users, half_life_days, guests)
        words = self._embed(snapshot, [*_words_in(messages), *profiles.said])
        profiles.catch_up(words)
        results, asked = self._follow(snapshot, messages, given, profiles, words, now)
        with self._timed("score") if asked else nullcontext():
            answers = self._answering.answers(asked, lambda: self._list_maker(snapshot, now))
        lists = iter(answers)
        return [next(lists) if result is None else result for result in results]

    def refuse(self, rejected: Rejected) -> Result:
        """A list without items that says why a request cannot be served; events ask for none."""
        return refusal(rejected, self.model, self._clock())

    def _wait_for_catalogue(self) -> None:
        # Lest a service that has just started knows none of the items that it is asked for.
        if not self._catalogue_read.wait(CATALOGUE_WAIT_S):
            raise Unavailable("The catalogue is still being read.")

    def _half_life_days(self, snapshot: ServingSnapshot) -> float:
        return self._settings.half_life_days or snapshot.model.half_lives.taste_days

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
        given: Sequence[bool],
        profiles: Profiles,
        words: Words,
        now: datetime,
    ) -> tuple[list[Result | None], list[Asked]]:
        """Go through a batch: what events lead to, and what requests ask for at their place.

        Args: given: of each message, whether its id is its sender's own.
        """
        results: list[Result | None] = []
        asked: list[Asked] = []
        counted: list[Write] = []
        counted_before: list[int] = []  # of each request
        lasts = {
            m.user_id: m for m in messages if isinstance(m, BehaviourEvent) and not is_asked(m)
        }
        changed = read_dirty_since(self._store, list(lasts))
        answered = self._answered(messages, given)
        for message, given_id in zip(messages, given, strict=True):
            user_id = message.user_id
            if isinstance(message, ScoreRequest):
                before = answered.get(user_id, [])
                if given_id and message.id in before:
                    results.append(Result())
                    continue
                if given_id:
                    answered[user_id] = [*before, str(message.id)]
                query = self._query(snapshot, message, profiles.of(user_id), words)
                asked.append(Asked(query, answered[user_id] if given_id else ()))
                counted_before.append(len(counted))
                results.append(None)
            elif message.kind == "forget":
                guests = profiles.guests_of(user_id)
                profiles.forget(user_id)
                changed.pop(user_id, None)
                results.append(_forgotten(message, guests))
            elif is_asked(message):
                results.append(Result(following(message)))
            else:
                writes = _taken_in(message, profiles, words, now, given_id=given_id)
                counted += writes
                # One is enough: it holds the ones before.
                if lasts[user_id] is message and profiles.of(user_id) is not None:
                    writes += profile_writes(profiles.known(user_id))
                    writes += mark_writes(user_id, changed.get(user_id), now, self._settings)
                results.append(Result(following(message), tuple(writes)))
        before_each = [counted[:count] for count in counted_before]
        return results, self._with_neighbours(asked, before_each)

    def _with_neighbours(
        self, asked: Sequence[Asked], counted: Sequence[Sequence[Write]]
    ) -> list[Asked]:
        """The requests with what is taken together with their users' items, read at once.

        Args: counted: what events of the same batch before each request add to that.
        """
        if not asked:
            return []
        stored = read_neighbours(self._store, [one.query.profile for one in asked])
        known = [one.query.knowing(stored) for one in asked]
        return [
            one._replace(query=query.knowing(with_counted(query.neighbours, before)))
            for one, query, before in zip(asked, known, counted, strict=True)
        ]

    def _answered(
        self, messages: Sequence[BehaviourEvent | ScoreRequest], given: Sequence[bool]
    ) -> dict[str, list[str]]:
        """The ids of the last requests of each user who asks with an id of their own."""
        asking = [
            message.user_id
            for message, given_id in zip(messages, given, strict=True)
            if given_id and isinstance(message, ScoreRequest)
        ]
        read = read_answered(self._store, asking) if asking else {}
        return {user_id: read.get(user_id, []) for user_id in asking}

    def _query(
        self,
        snapshot: ServingSnapshot,
        request: ScoreRequest,
        profile: Profile | None,
        words: Words,
    ) -> RankingQuery:
        said = _context(request)
        vector = words.get(said)
        unread = vector is not None and not is_understood(
            said, vector, self._settings.languages, snapshot.index
        )
        vector = None if unread else vector
        query = RankingQuery.of(request, profile, vector, snapshot.index.on_sale.dimension)
        return replace(query, unread=unread)

    def _list_maker(self, snapshot: ServingSnapshot, now: datetime) -> ListMaker:
        return ListMaker(
            index=snapshot.index,
            ranker=snapshot.ranker,
            item_model=snapshot.item_model,
            model=snapshot.model.version,
            popularity=self._popularity(),
            settings=self._settings,
            at=now,
            rules=self._rules(),
            together=self._together(),
        )

    def _checked(
        self, message: BehaviourEvent | ScoreRequest, now: datetime
    ) -> BehaviourEvent | ScoreRequest:
        if isinstance(message, BehaviourEvent):
            return checked(message, now)
        return checked_request(message, self._settings.reply_topics)


def _words_in(messages: Sequence[BehaviourEvent | ScoreRequest]) -> list[str]:
    said = (own_words(m) if isinstance(m, BehaviourEvent) else _context(m) for m in messages)
    return [words for words in said if words]


def _context(request: ScoreRequest) -> str:
    return (request.context or "").strip()


def _taken_in(
    event: BehaviourEvent, profiles: Profiles, words: Words, now: datetime, *, given_id: bool
) -> list[Write]:
    """What an event leaves besides the profile; nothing where it was taken in before."""
    if profiles.has_taken(event, given_id=given_id):
        return []
    if event.kind == "identify":
        return [write for one in profiles.identify(event, words) for write in event_writes(one)]
    reading = profiles.reading_of(event, words)
    together = co_occurrence_writes(profiles.of(event.user_id), event, reading)
    profiles.add(event, words, given_id=given_id)
    return [*event_writes(event), *profiles.count(event, words, now), *together]


def _forgotten(event: BehaviourEvent, guests: Sequence[str]) -> Result:
    """Everything goes, and a list that another replica is just making goes after it.

    Who the user was as a guest is forgotten by the partition of the guest.
    """
    after = ScoreRequest(user_id=event.user_id, trigger="push")
    others = (
        Outgoing(RECS_EVENTS, BehaviourEvent(user_id=guest, kind="forget", at=event.at))
        for guest in guests
    )
    return Result((Outgoing(RECS_REQUESTS, after), *others), tuple(forget_writes(event.user_id)))
