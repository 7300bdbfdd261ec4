"""One model's way through a batch: what events lead to, and what requests ask for there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from services.recommendations.answering import Asked
from services.recommendations.debounced_push import mark_writes
from services.recommendations.identifying import following, is_asked
from services.recommendations.profiles import Profiles, Words
from services.recommendations.request_validation import supposed
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.co_occurrence import (
    co_occurrence_writes,
    read_neighbours,
    with_counted,
)
from textwire.recommendations.experiments.outcomes import Crediting
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest
from textwire.recommendations.results import (
    Profile,
    event_writes,
    forget_writes,
    profile_writes,
    read_answered,
    read_dirty_since,
)
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.stream.processor import Outgoing, Result

# Each with whether its id is its sender's own.
Given = tuple[BehaviourEvent | ScoreRequest, bool]


class BatchPass:
    """Goes through messages in their order, each seeing what those before it led to."""

    def __init__(
        self,
        store: ResultStore,
        settings: RecommendationsSettings,
        profiles: Profiles,
        words: Words,
        now: datetime,
        credited: Mapping[str, Crediting],
        query_of: Callable[[ScoreRequest, Profile | None], RankingQuery],
    ) -> None:
        """What the pass stands on.

        Args: profiles: of all users of the batch. words: vectors of all that they say.
              credited: where it is counted what came of lists, by user.
              query_of: what a request asks the ranker for.
        """
        self._store = store
        self._settings = settings
        self._profiles = profiles
        self._words = words
        self._now = now
        self._credited = credited
        self._query_of = query_of
        self._lasts: dict[str, BehaviourEvent] = {}
        self._dirty_since: dict[str, datetime] = {}
        self._answered: dict[str, list[str]] = {}
        self._asked: list[Asked] = []
        self._counted: list[Write] = []
        self._counted_before: list[int] = []  # of each request

    def follow(self, given: Sequence[Given]) -> tuple[list[Result | None], list[Asked]]:
        """What each message leads to, None where a request asks for a list; and these requests."""
        self._lasts = {
            m.user_id: m for m, _ in given if isinstance(m, BehaviourEvent) and not is_asked(m)
        }
        self._dirty_since = read_dirty_since(self._store, list(self._lasts))
        self._answered = self._read_answered(given)
        results = [self._led_to(message, given_id=given_id) for message, given_id in given]
        return results, self._with_neighbours()

    def _led_to(self, message: BehaviourEvent | ScoreRequest, *, given_id: bool) -> Result | None:
        if isinstance(message, ScoreRequest):
            return self._ask(message, given_id=given_id)
        if message.kind == "forget":
            return self._forget(message)
        if is_asked(message):
            return Result(following(message))
        return self._take_in(message, given_id=given_id)

    def _ask(self, request: ScoreRequest, *, given_id: bool) -> Result | None:
        user_id = request.user_id
        before = self._answered.get(user_id, [])
        if given_id and request.id in before:
            return Result()
        if given_id:
            self._answered[user_id] = [*before, str(request.id)]
        profile = self._profiles.supposing(user_id, supposed(request, self._now), self._words)
        query = self._query_of(request, profile)
        self._asked.append(Asked(query, self._answered[user_id] if given_id else ()))
        self._counted_before.append(len(self._counted))
        return None

    def _forget(self, event: BehaviourEvent) -> Result:
        """Everything goes, and a list that another replica is just making goes after it.

        Who the user was as a guest is forgotten by the partition of the guest.
        """
        user_id = event.user_id
        guests = self._profiles.guests_of(user_id)
        self._profiles.forget(user_id)
        if user_id in self._credited:
            self._credited[user_id].forget(user_id)
        self._dirty_since.pop(user_id, None)
        after = ScoreRequest(user_id=user_id, trigger="push")
        others = (
            Outgoing(RECS_EVENTS, BehaviourEvent(user_id=guest, kind="forget", at=event.at))
            for guest in guests
        )
        return Result((Outgoing(RECS_REQUESTS, after), *others), tuple(forget_writes(user_id)))

    def _take_in(self, event: BehaviourEvent, *, given_id: bool) -> Result:
        user_id = event.user_id
        is_new = not self._profiles.has_taken(event, given_id=given_id)
        writes = self._counts(event, given_id=given_id) if is_new else []
        self._counted += writes
        if is_new and user_id in self._credited:
            writes = [*writes, *self._credited[user_id].writes(event)]
        # One is enough: it holds the ones before.
        if self._lasts[user_id] is event and self._profiles.of(user_id) is not None:
            writes += profile_writes(self._profiles.known(user_id))
            writes += mark_writes(
                user_id, self._dirty_since.get(user_id), self._now, self._settings
            )
        return Result(following(event), tuple(writes))

    def _counts(self, event: BehaviourEvent, *, given_id: bool) -> list[Write]:
        """What an event leaves besides the profile, which takes it in."""
        profiles, words = self._profiles, self._words
        if event.kind == "identify":
            return [write for one in profiles.identify(event, words) for write in event_writes(one)]
        reading = profiles.reading_of(event, words)
        together = co_occurrence_writes(profiles.of(event.user_id), event, reading)
        profiles.add(event, words, given_id=given_id)
        return [*event_writes(event), *profiles.count(event, words, self._now), *together]

    def _with_neighbours(self) -> list[Asked]:
        """The requests with what is taken together with their users' items, read at once."""
        if not self._asked:
            return []
        stored = read_neighbours(self._store, [one.query.profile for one in self._asked])
        known = [one.query.knowing(stored) for one in self._asked]
        # What events of the same batch before each request add to that.
        counted = [self._counted[:count] for count in self._counted_before]
        return [
            one._replace(query=query.knowing(with_counted(query.neighbours, before)))
            for one, query, before in zip(self._asked, known, counted, strict=True)
        ]

    def _read_answered(self, given: Sequence[Given]) -> dict[str, list[str]]:
        """The ids of the last requests of each user who asks with an id of their own."""
        asking = [m.user_id for m, given_id in given if given_id and isinstance(m, ScoreRequest)]
        read = read_answered(self._store, asking) if asking else {}
        return {user_id: read.get(user_id, []) for user_id in asking}
