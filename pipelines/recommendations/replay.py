"""The log gone through once more, by the very functions that serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from textwire.models.engines.cached import as_kept
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.counts.co_occurrence import (
    co_occurrence_writes,
    read_neighbours,
    read_taken,
)
from textwire.recommendations.counts.popularity import PopularitySnapshot, counted, read_popularity
from textwire.recommendations.lists.asking_queries import query_of
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.list_building import ranking_context
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest
from textwire.recommendations.profiles.comments import CommentReader, CommentReading
from textwire.recommendations.profiles.event_meaning import comments, event_text, event_vector
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.ranking.features import RankingContext
from textwire.recommendations.ranking.following import Following
from textwire.recommendations.results import Profile
from textwire.results.memory import MemoryResults


@dataclass(frozen=True)
class TextVectors:
    """A vector for each text of the data, (n, d) float32 of unit length; how comments are read.

    known_words  of the model's language, as the service has them; none: no slips are mended.
    """

    places: dict[str, int]
    vectors: Vectors
    comments: CommentReader
    known_words: frozenset[str] = frozenset()

    @classmethod
    def encode(cls, encoder: Encoder, texts: Sequence[str]) -> TextVectors:
        """All texts, each once."""
        different = list(dict.fromkeys(texts))
        places = {text: place for place, text in enumerate(different)}
        return cls(places, encoder.encode(different), CommentReader(encoder))

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.vectors.shape[1])

    def of(self, text: str | None) -> Vectors | None:
        """The vector of a text, (d,) float32; None for none."""
        return None if text is None else self.vectors[self.places[text]]

    def rows(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, (n, d) float32."""
        rows: Vectors = self.vectors[[self.places[text] for text in texts]]
        return rows

    def as_served(self, data: ShopData) -> TextVectors:
        """The same, items' vectors as the service's catalogue holds them.

        What users wrote is embedded by the service without being kept, and stays as it is.
        """
        places = [self.places[item.text] for item in data.by_id.values()]
        vectors = self.vectors.copy()
        vectors[places] = as_kept(self.vectors[places])
        return replace(self, vectors=vectors)


Encode = Callable[[Encoder, Sequence[str]], TextVectors]


class Occasion(NamedTuple):
    """A moment, and what the service knows and is asked for then."""

    moment: Moment
    query: RankingQuery
    popularity: PopularitySnapshot

    @property
    def context(self) -> RankingContext:
        """What features are computed from."""
        return ranking_context(self.query, self.popularity, self.moment.at)


def replay(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
    item_model: Following | None = None,
) -> Iterator[Occasion]:
    """Each moment with what was known then, and nothing else.

    Args: moments: in order of their places. vectors: as they serve (`TextVectors.as_served`).
          item_model: of what was before all of them.
    """
    state = ServiceState(data, vectors, half_lives, item_model)
    done = 0
    for moment in moments:
        for event in data.events[done : moment.place]:
            state.take(event)
        done = moment.place
        query = state.query(moment.user_id, moment.context)
        yield Occasion(moment, query, state.popularity(moment.at))


def item_index(data: ShopData, vectors: TextVectors) -> ItemIndex:
    """All items, as the service's catalogue has them."""
    items = list(data.by_id.values())
    empty = ItemIndex.empty(vectors.dimension)
    return empty.changed(items, vectors.rows([item.text for item in items]))


class ServiceState:
    """What the service knows after a part of a log: profiles, and counts in a store."""

    def __init__(
        self,
        data: ShopData,
        vectors: TextVectors,
        half_lives: HalfLives,
        item_model: Following | None = None,
    ) -> None:
        """Nothing has happened yet.

        Args: data: for its items; events are those that are taken. item_model: None: there is none.
        """
        self._data = data
        self._vectors = vectors
        self._half_lives = half_lives
        self._profiles: dict[str, Profile] = {}
        self._store = MemoryResults()
        self._index = item_index(data, vectors)
        self._item_model = item_model

    def take(self, event: BehaviourEvent) -> None:
        """One more event has happened."""
        before = self._profiles.get(event.user_id)
        profile = self._after(before, event)
        reading = self._reading(event)
        writes = co_occurrence_writes(before, event, reading)
        if event.at is not None:
            profile, counts = counted(profile, event, event.at, reading)
            writes += counts
        self._profiles[event.user_id] = profile
        self._store.write(writes)

    def query(
        self, user_id: str, words: str | None, since: Sequence[BehaviourEvent] = ()
    ) -> RankingQuery:
        """A user asks for a list just now, of as many items as it has by itself.

        Args: words: what is asked for; their vector is known.
              since: what else is known of the user; it is not taken.
        """
        profile = self._profiles.get(user_id)
        for event in since:
            profile = self._after(profile, event)
        request = ScoreRequest(user_id=user_id, context=words)
        texts = read_asking(words).texts
        known = dict(zip(texts, self._vectors.rows(texts), strict=True)) if texts else {}
        # The log's own searches are followed, whatever their language.
        words_known = self._vectors.known_words
        query = query_of(request, profile, known, self._index, (), words_known)
        neighbours = read_neighbours(self._store, [profile])
        return query.knowing(neighbours).located(self._index, self._item_model)

    def popularity(self, at: datetime) -> PopularitySnapshot:
        """What all users like just now."""
        return PopularitySnapshot.of(
            read_popularity(self._store, at, self._half_lives.popularity_days),
            read_taken(self._store),
        )

    def _after(self, profile: Profile | None, event: BehaviourEvent) -> Profile:
        item, reading = self._data.item_of(event), self._reading(event)
        of_item = None if item is None else self._vectors.of(item.text)
        vector = event_vector(event, of_item, self._words(event), reading)
        return updated(profile, event, item, vector, self._half_lives.taste_days, reading)

    def _words(self, event: BehaviourEvent) -> Vectors | None:
        return self._vectors.of(event_text(event, None))

    def _reading(self, event: BehaviourEvent) -> CommentReading | None:
        vector = self._words(event) if comments(event) else None
        if vector is None:
            return None
        return self._vectors.comments.read(event.text or "", vector, event.value)
