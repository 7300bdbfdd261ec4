"""A shop of a few items, for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np

from services.recommendations.catalogue import Catalogue, Model
from services.recommendations.experimenting import Serving
from services.recommendations.popularity_snapshot import PopularityReader
from services.recommendations.processor import Recommendations
from tests.encoders import HashingEncoder
from tests.manifests import some_manifest
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.bought_together import BoughtTogether, NothingTogether
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.lists.rules import Rules
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredList, ScoreRequest
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.results import Profile, read_profiles
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.results.writes import Fence
from textwire.stream.processor import Received, Result
from textwire.wire.record import Partition, Record

AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
ITEMS = (
    Item(id="pan", title="Iron bread pan", category="kitchen", tags=("baking",), price=54.9),
    Item(id="basket", title="Proving basket for bread", category="kitchen", tags=("baking",)),
    Item(id="tent", title="Light tent for two", category="outdoor", price=180.0),
    Item(id="lamp", title="Head lamp for a tent", category="outdoor", price=30.0),
    Item(id="novel", title="A novel of the sea", category="books", price=12.0),
    Item(id="atlas", title="Atlas of the sea", category="books", published_at=AT),
)

WEIGHTS = {"text_match": 4.0, "context_match": 6.0, "popularity": 1.0, "freshness": 0.5}


class WeighingScorer:
    """Logistic regression with weights that a person would choose."""

    name = "weighing"

    def score(self, features: Vectors) -> Vectors:
        weights = np.array([WEIGHTS.get(name, 0.0) for name in FEATURES], dtype=np.float32)
        return 1 / (1 + np.exp(-(features @ weights - 3)))


def artifact(version: str = "v1") -> Artifact:
    """A model as far as its manifest."""
    manifest = some_manifest("recommendations", version=version, features=FEATURES)
    return Artifact(Path(version), manifest)


class Salted(HashingEncoder):
    """Another model for each name: the same words get other vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        shift = sum(map(ord, self.name)) % (self.dimension - 1)
        return np.ascontiguousarray(np.roll(super().encode(texts), shift, axis=1))


def load_weighing(model: Artifact) -> Model:
    version = model.manifest.version
    return Model(Salted(version), WeighingScorer(), version, half_lives=HalfLives())


def catalogue(
    items: Sequence[Item] = ITEMS,
    store: ResultStore | None = None,
    load: Callable[[Artifact], Model] = load_weighing,
    version: str = "v1",
) -> Catalogue:
    made = Catalogue(artifact(version), load, store or MemoryResults())
    made.apply({item.id: item for item in items})
    return made


class Shop:
    """The service over one store, with what the loop does around it."""

    def __init__(
        self,
        items: Sequence[Item] = ITEMS,
        store: ResultStore | None = None,
        *,
        like_now: bool = True,
        rules: Rules | None = None,
        together: BoughtTogether | None = None,
        load: Callable[[Artifact], Model] = load_weighing,
        **settings: object,
    ) -> None:
        """`like_now`: what users like is read anew for each list, rather than never."""
        self.store = store or MemoryResults()
        self.catalogue = catalogue(items, self.store, load)
        self.now = AT
        self.like_now = like_now
        self.settings = RecommendationsSettings(**settings)
        self.popularity = PopularityReader(self.store, lambda: self.now)
        self.offset = 0
        self.read = Event()
        self.read.set()
        self.service = Recommendations(
            self.catalogue,
            self.store,
            self._popularity,
            clock=lambda: self.now,
            settings=self.settings,
            catalogue_read=self.read,
            rules=lambda: rules or Rules(),
            together=lambda: together or NothingTogether(),
            serving=lambda: self.serving,
        )
        self.challenger: Catalogue | None = None
        self.experiment: Experiment | None = None

    @property
    def serving(self) -> Serving:
        """What is held; `challenger` and `experiment` may be set by a test."""
        champion = self.catalogue.snapshot
        held = {"v1": champion}
        if self.challenger is not None:
            held["v2"] = self.challenger.snapshot
        known = () if self.experiment is None else (self.experiment,)
        return Serving(champion, held, next((one for one in known if one.runs), None), known)

    def _popularity(self) -> PopularitySnapshot:
        if self.like_now:
            self.popularity.read()
        return self.popularity.now

    def batch(self, *messages: BehaviourEvent | ScoreRequest) -> list[Received]:
        """Messages as the loop hands them over."""
        received = []
        for message in messages:
            self.offset += 1
            topic = RECS_EVENTS if isinstance(message, BehaviourEvent) else RECS_REQUESTS
            key = message.user_id.encode()
            record = Record(Partition(topic.name, 0), self.offset, key, b"")
            received.append(Received(message.completed(record.id, self.now), record))
        return received

    def processed(self, *messages: BehaviourEvent | ScoreRequest) -> list[Result]:
        """Process a batch, and store what it leads to, events before requests."""
        batch = self.batch(*messages)
        results = self.service.process(batch)
        for topic in (RECS_EVENTS, RECS_REQUESTS):
            by_offset = [
                (received.record.place, result.writes)
                for received, result in zip(batch, results, strict=True)
                if received.record.partition.topic == topic.name
            ]
            self.store.apply(Fence("recommendations", topic.name, 0), by_offset)
        return results

    def list_for(self, user: str = "u", **wishes: object) -> ScoredList:
        (result,) = self.processed(ScoreRequest(user_id=user, **wishes))
        return list_in(result)

    def pushed(self, user: str = "u") -> ScoredList | None:
        (result,) = self.processed(ScoreRequest(user_id=user, trigger="push"))
        return list_in(result) if result.messages else None

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


def did(kind: str, item: str | None = None, user: str = "u", **more: object) -> BehaviourEvent:
    return BehaviourEvent(user_id=user, kind=kind, item_id=item, **more)


def list_in(result: Result) -> ScoredList:
    (out,) = result.messages
    assert isinstance(out.message, ScoredList)
    return out.message


def ids(scored: ScoredList) -> list[str]:
    return [item.item_id for item in scored.scores]


def profile_of(shop: Shop, user: str = "u") -> Profile | None:
    return read_profiles(shop.store, [user]).get(user)


def why_dropped(scored: ScoredList) -> dict[str, str]:
    return {item.item_id: item.why for item in scored.dropped}
