"""The pure middle of recommendations: what users do and ask for in, their lists out.

A user's profile and history are written by the partition of their events alone, and their last list
by that of their requests: the two may be worked on by different replicas at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from threading import Event

from services.recommendations.answering import Answering, Asked, Wish
from services.recommendations.batch_pass import BatchPass, Given
from services.recommendations.catalogue import Catalogue, ServingSnapshot
from services.recommendations.division import Division
from services.recommendations.event_validation import checked, own_words
from services.recommendations.experimenting import Plan, Serving
from services.recommendations.profiles import Profiles, Words
from services.recommendations.refusing import refusal
from services.recommendations.request_validation import checked_request
from textwire.errors import Unavailable
from textwire.observing.stages import Timed
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.bought_together import BoughtTogether, NothingTogether
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.experiments.exposures import read_exposed
from textwire.recommendations.experiments.outcomes import Crediting, is_outcome, read_outcomes
from textwire.recommendations.lists.asking_queries import query_of
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.rules import Rules
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest
from textwire.recommendations.results import Profile
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS
from textwire.results.store import ResultStore
from textwire.stream.processor import Received, Rejected, Result
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
        serving: Callable[[], Serving] | None = None,
    ) -> None:
        """What the service stands on.

        Args: store: where profiles, histories and last lists are.
              popularity: what all users like at the moment.
              catalogue_read: set once all items were read; nothing is done before.
              timed: measures a stage of the work, by its name.
              rules: the shop's own that hold now. together: what is bought together, as known now.
              serving: the models that are held now; the champion alone where nothing is said.
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
        self._serving = serving or (lambda: Serving(catalogue.snapshot))
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
        division = Division.of(self._serving(), messages)
        crediting = self._crediting(messages, division.serving)
        results = [Result() for _ in messages]
        asked: dict[int, dict[str, Asked]] = {}
        for version in division.versions:
            places = division.places_of(version)
            part = [(messages[place], given[place]) for place in places]
            passed = self._pass(division.serving, version, part, crediting, now)
            for place, led_to in zip(places, passed, strict=True):
                if not division.counts(place, version):
                    continue
                if isinstance(led_to, Asked):
                    asked.setdefault(place, {})[version] = led_to
                else:
                    results[place] = led_to
        for place, answer in self._answered(division, asked, now):
            results[place] = answer
        return results

    def _answered(
        self, division: Division, asked: Mapping[int, Mapping[str, Asked]], now: datetime
    ) -> Iterator[tuple[int, Result]]:
        """The lists that are asked for, all made at once, with the places of their requests."""
        if not asked:
            return
        places = sorted(asked)
        wishes = [Wish(division.plans[place] or Plan(()), asked[place]) for place in places]
        with self._timed("score"):
            answers = self._answering.answers(
                wishes, lambda version: self._list_maker(division.serving.of(version), now)
            )
        yield from zip(places, answers, strict=True)

    def refuse(self, rejected: Rejected) -> Result:
        """A list without items that says why a request cannot be served; events ask for none."""
        return refusal(rejected, self.model, self._clock(), self._answering.topic_of)

    def _crediting(
        self, messages: Sequence[BehaviourEvent | ScoreRequest], serving: Serving
    ) -> Crediting:
        """What users of this batch were shown before it, where they did what may come of that."""
        did = {m.user_id for m in messages if isinstance(m, BehaviourEvent) and is_outcome(m)}
        if not did:
            return Crediting({}, {}, ())
        users = sorted(did)
        exposed = read_exposed(self._store, users)
        outcomes = read_outcomes(self._store, users) if exposed else {}
        return Crediting(exposed, outcomes, serving.known)

    def _pass(
        self,
        serving: Serving,
        version: str,
        given: Sequence[Given],
        crediting: Crediting,
        now: datetime,
    ) -> list[Result | Asked]:
        """Go through messages by one model: what each leads to, or is asked for at its place."""
        snapshot, messages = serving.of(version), [message for message, _ in given]
        users = dict.fromkeys(message.user_id for message in messages)
        guests = [m.same_as for m in messages if isinstance(m, BehaviourEvent) and m.same_as]
        half_life_days = self._half_life_days(snapshot)
        profiles = Profiles(self._store, snapshot, users, half_life_days, guests)
        words = self._embed(snapshot, [*_words_in(messages), *profiles.said])
        profiles.catch_up(words)
        # What a user does is credited once: where they are at home.
        home = {user_id: serving.home_of(user_id) == version for user_id in users}
        credited = {user_id: crediting for user_id in users if home[user_id]}
        passing = BatchPass(
            self._store,
            self._settings,
            profiles,
            words,
            now,
            credited,
            lambda request, profile: self._query(snapshot, request, profile, words),
        )
        results, asked = passing.follow(given)
        queries = iter(asked)
        return [next(queries) if result is None else result for result in results]

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

    def _query(
        self,
        snapshot: ServingSnapshot,
        request: ScoreRequest,
        profile: Profile | None,
        words: Words,
    ) -> RankingQuery:
        languages, known = self._settings.languages, snapshot.model.known_words
        return query_of(request, profile, words, snapshot.index, languages, known)

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
    said = [own_words(m) for m in messages if isinstance(m, BehaviourEvent)]
    asked = [
        text
        for m in messages
        if isinstance(m, ScoreRequest)
        for text in read_asking(m.context).texts
    ]
    supposed_words = [
        (one.text or "").strip()
        for m in messages
        if isinstance(m, ScoreRequest)
        for one in m.what_if
    ]
    return [words for words in (*said, *asked, *supposed_words) if words]
