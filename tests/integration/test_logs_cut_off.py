"""Kafka loses the end of a log, or its beginning, that a service has read or is to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Replica, StartReplica
from tests.integration.echo import Bench, EchoTopics
from tests.integration.test_tables import World
from tests.stack_logs import cut_off
from tests.stream.loops import eventually
from textwire.errors import BrokerUnavailable
from textwire.results.redis import RedisResults
from textwire.stack.kafka import KafkaServer
from textwire.stack.servers import start_kafka

pytestmark = pytest.mark.slow  # a broker that is killed and comes back: 20 s each

PARTITIONS = 2


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[KafkaServer]:
    """A broker of this test's own: it loses what others may need."""
    server = start_kafka(tmp_path / "broker")
    yield server
    server.stop()


@pytest.fixture
def bootstrap_servers(kafka: KafkaServer) -> str:
    return kafka.bootstrap_servers


@pytest.fixture
def bench(bootstrap_servers: str, unique_name: str) -> Iterator[Bench]:
    bench = Bench(bootstrap_servers, EchoTopics(unique_name, PARTITIONS))
    yield bench
    bench.close()


def lose_the_ends(kafka: KafkaServer, bench: Bench, keep: int) -> None:
    """As if the machine had lost power: of each partition only so many records are there again."""
    kafka.kill()
    for number in range(PARTITIONS):
        assert cut_off(kafka.home / "records", bench.topics.questions.name, number, keep) == keep
    kafka.start()
    bench.reconnect()


def questions(kind: str, count: int) -> list[str]:
    return [f"{kind} {number}" for number in range(count)]


def ask_in_turn(bench: Bench, texts: list[str]) -> None:
    """As many to each partition."""
    bench.ask_partitions(texts, PARTITIONS)


@pytest.mark.parametrize(
    ("runs", "fewer"),
    [(True, False), (True, True), (False, False)],
    ids=["while it runs, more", "while it runs, fewer", "while it is stopped, more"],
)
def test_what_comes_where_a_log_was_cut_off_is_answered_and_nothing_twice(
    bench: Bench,
    kafka: KafkaServer,
    results: RedisResults,
    start_replica: StartReplica,
    runs: bool,
    fewer: bool,
) -> None:
    replica = start_replica()
    old, new = questions("old", 100), questions("new", 20 if fewer else 80)
    ask_in_turn(bench, old)
    assert Counter(bench.answers(100, within_s=90)) == Counter(old)
    if not runs:
        stop(replica)
    lose_the_ends(kafka, bench, keep=30)
    ask_in_turn(bench, new)
    if not runs:
        start_replica()
    assert Counter(bench.answers(len(old + new), within_s=90)) == Counter(old + new)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(old + new, b"1")


def test_what_was_stored_and_not_published_is_not_said_to_what_stands_there_now(
    bench: Bench, kafka: KafkaServer, results: RedisResults, start_replica: StartReplica
) -> None:
    replica = start_replica(die="before_publish")
    old, new = questions("old", 100), questions("new", 80)
    ask_in_turn(bench, old)
    replica.wait(timeout=60)
    lose_the_ends(kafka, bench, keep=0)
    ask_in_turn(bench, new)
    start_replica()
    answers = Counter(bench.answers(len(new), within_s=90))
    assert {text: answers[text] for text in new} == dict.fromkeys(new, 1)
    counts = results.fields(bench.topics.counts_key)
    assert {text: counts.get(text) for text in new} == dict.fromkeys(new, b"1")


def stop(replica: Replica) -> None:
    replica.terminate()
    replica.wait(timeout=20)


def test_rows_that_a_table_has_lost_serve_no_more(kafka: KafkaServer, unique_name: str) -> None:
    world = World(kafka.bootstrap_servers, unique_name)
    world.make_topics()
    world.say(a="first")
    world.say(b="second")
    world.say(a="later")
    replica = world.replica()
    replica.wait_for({"a": "later", "b": "second"})
    kafka.kill()
    assert cut_off(kafka.home / "records", world.topic.name, 0, keep=1) == 1
    kafka.start()
    replica.wait_for({"a": "first"})
    eventually(lambda: is_said(world, c="new"), within_s=30)
    replica.wait_for({"a": "first", "c": "new"})
    eventually(lambda: replica.health.ready, within_s=30)
    world.close()


def is_said(world: World, **texts: str) -> bool:
    """Whether it was taken: the log lacks what this producer wrote last, which is refused once."""
    try:
        world.say(**texts)
    except BrokerUnavailable:
        return False
    return True
