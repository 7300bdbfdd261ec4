"""The log gone through once more, by the very functions that serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from textwire.models.encoder import Encoder, Vectors
from textwire.recommendations.features import RankingContext
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.popularity import count_writes, read_popularity
from textwire.recommendations.profiles import profile_vector, updated
from textwire.recommendations.results import Profile
from textwire.results.memory import MemoryResults


@dataclass(frozen=True)
class TextVectors:
    """A vector for each text of the data: (n, d) float32, unit length."""

    places: dict[str, int]
    vectors: Vectors

    @classmethod
    def encode(cls, encoder: Encoder, texts: Sequence[str]) -> TextVectors:
        """All texts, each once."""
        different = list(dict.fromkeys(texts))
        places = {text: place for place, text in enumerate(different)}
        return cls(places, encoder.encode(different))

    def of(self, text: str | None) -> Vectors | None:
        """The vector of a text, (d,) float32; None for none."""
        return None if text is None else self.vectors[self.places[text]]

    def rows(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, (n, d) float32."""
        rows: Vectors = self.vectors[[self.places[text] for text in texts]]
        return rows


def replay(
    data: ShopData, moments: Sequence[Moment], vectors: TextVectors, half_life_days: float
) -> Iterator[tuple[Moment, RankingContext]]:
    """Each moment with what was known then, and nothing else.

    Args: moments: in order of their places.
    """
    world = _World(data, vectors, half_life_days)
    done = 0
    for moment in moments:
        for event in data.events[done : moment.place]:
            world.take(event)
        done = moment.place
        yield moment, world.context(moment.user_id, moment.at, moment.context)


class _World:
    """What the service knows: profiles, and counts in a store."""

    def __init__(self, data: ShopData, vectors: TextVectors, half_life_days: float) -> None:
        self._data = data
        self._vectors = vectors
        self._half_life_days = half_life_days
        self._profiles: dict[str, Profile] = {}
        self._store = MemoryResults()

    def take(self, event: BehaviourEvent) -> None:
        """One more event has happened."""
        self._profiles[event.user_id] = updated(
            self._profiles.get(event.user_id),
            event,
            self._data.item_of(event),
            self._vectors.of(self._data.text_of(event)),
            self._half_life_days,
        )
        if event.at is not None:
            self._store.write(count_writes(event, event.at))

    def context(self, user_id: str, at: datetime, words: str | None) -> RankingContext:
        """What is known of a user just now."""
        profile = self._profiles.get(user_id)
        return RankingContext(
            profile=profile,
            profile_vector=profile_vector(profile, self._vectors.vectors.shape[1]),
            context_vector=self._vectors.of((words or "").strip() or None),
            at=at,
            popularity=read_popularity(self._store, at),
        )
