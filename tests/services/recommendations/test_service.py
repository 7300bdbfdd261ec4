"""Recommendations on the real Kafka and Redis, with a tiny encoder and a tiny ranker."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Thread
from typing import Any, TypeVar

import msgspec
import pytest

from services.recommendations.catalogue import Catalogue
from services.recommendations.debounced_push import LOOK_EVERY_S, Pusher
from services.recommendations.experimenting import ExperimentModels
from services.recommendations.loading import load_model
from services.recommendations.popularity_snapshot import PopularityReader
from services.recommendations.processor import Recommendations
from tests.services.recommendations.shops import ITEMS, did, ids
from tests.services.recommendations.tiny_model import tiny_model
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.keys import liked_key
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredList, ScoreRequest
from textwire.recommendations.results import (
    Profile,
    read_profiles,
    read_refusal,
    read_scores,
    read_user_history,
)
from textwire.recommendations.topics import RECS_EVENTS, RECS_ITEMS, RECS_REQUESTS, RECS_SCORES
from textwire.results.redis import RedisResults
from textwire.settings import KafkaSettings, ModelSettings, StreamSettings
from textwire.stack.servers import EmbeddedServers, embedded_servers
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import TransactionalPublisher
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.loop.stream_loop import StreamLoop
from textwire.stream.publisher import Positions
from textwire.stream.running import Background, make_loop
from textwire.stream.tables.topic_table import TopicTable
from textwire.wire.record import OutgoingRecord
from textwire.wire.registry import TOPICS

WITHIN_S = 20.0
T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)


def until(found: Callable[[], T | None], within_s: float = WITHIN_S) -> T:
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        if value := found():
            return value
        time.sleep(0.005)
    raise TimeoutError(f"not within {within_s} s")


class Town:
    """What shoppers and the shop's editors can do, and what they see."""

    def __init__(self, kafka: KafkaSettings, redis_url: str, name: str) -> None:
        self.kafka, self.redis_url, self.name = kafka, redis_url, name
        self.results = RedisResults.from_url(redis_url)
        self.sender = Sender("test", kafka)
        self.asked = 0

    def offer(self, *items: Item) -> None:
        self.sender.send_all(RECS_ITEMS, list(items))

    def does(self, *events: BehaviourEvent) -> None:
        self.sender.send_all(RECS_EVENTS, list(events))

    def ask(self, user: str, **wishes: Any) -> str:
        self.asked += 1
        id_ = f"{self.name}-{self.asked}"
        self.sender.send(RECS_REQUESTS, ScoreRequest(id=id_, user_id=user, **wishes))
        return id_

    def list_for(self, user: str, **wishes: Any) -> ScoredList:
        id_ = self.ask(user, **wishes)
        return until(lambda: self._answer(user, id_))

    def _answer(self, user: str, id_: str) -> ScoredList | None:
        scored = read_scores(self.results, user)
        return scored if scored is not None and scored.request_id == id_ else None

    def profile(self, user: str) -> Profile | None:
        return read_profiles(self.results, [user]).get(user)

    def events_known(self, user: str, count: int) -> Profile:
        return until(lambda: p if (p := self.profile(user)) and p.events == count else None)

    def published(self, user: str) -> list[ScoredList]:
        records = read_to_end(RECS_SCORES.name, self.kafka)
        lists = (msgspec.json.decode(record.value or b"", type=ScoredList) for record in records)
        return [scored for scored in lists if scored.user_id == user]

    def close(self) -> None:
        self.sender.close()
        self.results.close()


class Replica:
    """The service as `service.py` wires it."""

    def __init__(
        self,
        town: Town,
        model: Artifact,
        number: int = 0,
        loop: Callable[..., StreamLoop] = make_loop,
        registry: Registry | None = None,
        **settings: Any,
    ) -> None:
        """`registry`: where the versions of experiments are."""
        own = RecommendationsSettings(**settings)
        results = RedisResults.from_url(town.redis_url)
        metrics = ServiceMetrics(Recommendations.name, number, Health())
        hold = partial(
            Catalogue, load_model=lambda a: load_model(a, ModelSettings()), store=results
        )
        self.catalogue = hold(model)
        self.experiments = ExperimentModels(
            self.catalogue,
            hold,
            registry or Registry("memory://none"),
            lambda _: None,
            results,
            metrics.health,
        )
        table = TopicTable(
            RECS_ITEMS, self.experiments.apply, Recommendations.name, metrics, town.kafka
        )
        popularity = PopularityReader(results, now)
        pusher = Pusher(results, lambda: Sender("recommendations", town.kafka), now)
        self.beside: tuple[Background, ...] = (
            self.catalogue,
            table,
            popularity.every(own.popularity_every_s, metrics),
            pusher.every(LOOK_EVERY_S, metrics),
            self.experiments.task(metrics, 60.0),
        )
        processor = Recommendations(
            self.catalogue,
            results,
            lambda: popularity.now,
            now,
            own,
            table.caught_up,
            serving=lambda: self.experiments.serving,
        )
        self.loop = loop(processor, results, metrics, StreamSettings(), number, town.kafka)

    @contextmanager
    def running(self) -> Iterator[Replica]:
        thread = Thread(target=self.loop.run)
        for part in self.beside:
            part.start()
        thread.start()
        try:
            yield self
        finally:
            self.loop.stop()
            thread.join()
            for part in self.beside:
                part.stop()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Of their own: elsewhere other tests' events wait for whoever joins first."""
    with embedded_servers(tmp_path_factory.mktemp("recommendations")) as running:
        yield running


@pytest.fixture(scope="module")
def model(tiny_artifact: Artifact, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return tiny_model(tiny_artifact, tmp_path_factory.mktemp("model"))


@pytest.fixture
def town(servers: EmbeddedServers, unique_name: str) -> Iterator[Town]:
    kafka = KafkaSettings(bootstrap_servers=servers.bootstrap_servers)
    create_topics(TOPICS.values(), kafka)
    town = Town(kafka, servers.redis_url, unique_name)
    town.offer(*ITEMS)
    yield town
    town.close()


def test_events_become_a_profile_and_a_request_becomes_a_list(town: Town, model) -> None:
    user = town.name
    with Replica(town, model, push=False).running():
        town.does(did("click", "tent", user), did("search", None, user, text="head lamp"))
        town.does(did("purchase", "pan", user))
        profile = town.events_known(user, 3)
        scored = town.list_for(user, k=3)
        chosen = town.list_for(user, candidates=("pan", "lamp", "ghost"))
    assert profile.bought == ("pan",)
    assert len(scored.scores) == 3
    assert "pan" not in ids(scored)
    assert (ids(chosen), chosen.unknown_candidates) == (["lamp"], ("ghost",))
    assert town.published(user) == [scored, chosen]


def test_a_request_that_cannot_be_served_is_answered_beside_its_dead_letter(
    town: Town, model
) -> None:
    user = town.name
    with Replica(town, model, push=False).running():
        id_ = town.ask(user, k=201)
        refused = until(lambda: read_refusal(town.results, user))
        served = town.list_for(user, k=1)
    assert refused.request_id == id_
    assert "`k` has to be a whole number from 1 to 200" in (refused.error or "")
    assert town.published(user) == [refused, served]
    assert user.encode() in [record.key for record in read_to_end(RECS_REQUESTS.dead, town.kafka)]


def test_an_item_that_comes_while_it_runs_is_live_and_one_that_is_deleted_gone(
    town: Town, model
) -> None:
    new = Item(id=town.name, title="A new thing", published_at=now())
    with Replica(town, model, push=False).running():
        town.list_for(town.name)
        town.offer(new)
        until(lambda: town.name in ids(town.list_for(town.name, candidates=(town.name,))))
        town.sender.delete(RECS_ITEMS, [town.name])
        until(lambda: town.list_for(town.name, candidates=(town.name,)).unknown_candidates)


def test_an_event_before_its_item_counts_when_the_item_comes(town: Town, model) -> None:
    user, item_id = town.name, f"{town.name}-item"
    with Replica(town, model, push=False).running() as replica:
        town.does(did("click", item_id, user))
        assert list(town.events_known(user, 1).pending.values()) == [item_id]
        town.offer(Item(id=item_id, title="late", category="late"))
        until(lambda: item_id in replica.catalogue.snapshot.index)
        town.does(did("click", "pan", user))
        profile = town.events_known(user, 2)
    assert profile.pending == {}
    assert set(profile.categories) == {"late", "kitchen"}


def test_a_changed_list_is_pushed_once_by_two_replicas(town: Town, model) -> None:
    user = town.name
    quick = {"debounce_s": 0.2, "push_at_most_s": 1.0}
    first, second = (Replica(town, model, number, **quick) for number in range(2))
    with first.running(), second.running():
        town.does(*(did("click", item.id, user) for item in ITEMS[:3]))
        until(lambda: read_scores(town.results, user))
        town.does(did("click", ITEMS[3].id, user))
        # The next one: what would have come twice of the first has come before it.
        until(lambda: town.published(user)[1:])
    assert [scored.trigger for scored in town.published(user)] == ["push", "push"]


def test_forgetting_erases_the_user_from_redis(town: Town, model) -> None:
    user = town.name
    with Replica(town, model, debounce_s=0.1).running():
        town.does(
            did("click", "tent", user),
            did("click", "ghost", user),
            did("search", None, user, text=f"words of {user}"),
        )
        town.events_known(user, 3)
        town.list_for(user)
        assert user in "".join(everything_in(town.results))
        town.does(did("forget", None, user))
        until(lambda: not any(user in told for told in everything_in(town.results)))
        # A list that was due before is pushed before this one.
        other = town.name[::-1]
        town.does(did("click", "tent", other))
        until(lambda: read_scores(town.results, other))
    assert [told for told in everything_in(town.results) if user in told] == []
    assert read_user_history(town.results, user) == []


def everything_in(results: RedisResults) -> list[str]:
    """Keys and values; but for what was published and stands on the topic as long."""
    client = results._client
    reads = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
    }
    keys = [key for key in client.scan_iter() if not key.startswith(b"outbox:")]
    return [f"{key} {reads[kind](key)}" for key in keys if (kind := client.type(key)) in reads]


class PowerCut(Exception):
    """The end of a replica that had stored a batch and not published it."""


class CutOff(TransactionalPublisher):
    """A publisher whose power fails at its first batch."""

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        raise PowerCut


def cut_off_loop(
    processor: Recommendations,
    results: RedisResults,
    metrics: ServiceMetrics,
    stream: StreamSettings,
    number: int,
    kafka: KafkaSettings,
) -> StreamLoop:
    topics = tuple(topic.name for topic in processor.inputs)
    member = KafkaMember(topics, processor.name, number, stream, kafka)
    publisher = CutOff(f"{processor.name}-{number}", kafka)
    reader = KafkaReader(stream, kafka)
    return StreamLoop(processor, member, reader, publisher, results, stream, metrics)


def test_a_death_between_storing_and_publishing_counts_nothing_twice(town: Town, model) -> None:
    user = town.name
    before = town.results.fields(liked_key(now())).get("novel", b"0")
    town.does(*(did("click", "novel", user) for _ in range(5)))
    asked = [town.ask(user) for _ in range(3)]
    dying = Replica(town, model, loop=cut_off_loop, push=False)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            dying.loop.run()
        except PowerCut as error:
            failed.append(error)

    for part in dying.beside:
        part.start()
    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    for part in dying.beside:
        part.stop()
    assert failed
    with Replica(town, model, push=False).running():
        town.list_for(user)
    profile = town.profile(user)
    assert profile is not None
    assert profile.events == 5
    assert len(read_user_history(town.results, user)) == 5
    counted = int(town.results.fields(liked_key(now()))["novel"]) - int(before)
    assert counted == 50  # clicks, in tenths
    answered = Counter(scored.request_id for scored in town.published(user))
    assert all(answered[id_] == 1 for id_ in asked)
