"""Transactions on the real Kafka: what the client does wrong, and what of it must not show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import kafka
import pytest
from kafka.producer.transaction_manager import ProducerIdAndEpoch

from tests.contracts.worlds import KafkaWorld, Replica, at, numbered, values
from tests.stream.made import Echo
from textwire.errors import BrokerUnavailable
from textwire.stream.assignment import Assignment
from textwire.stream.kafka import publisher as kafka_publisher
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.kafka.publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.publisher import Publisher, RecordNotTaken
from textwire.wire.record import LogPlace, OutgoingRecord, Partition
from textwire.wire.topic import Topic

# Longer than the offsets of a transaction take: its record is sent after them.
LINGER_MS = 500


@pytest.fixture
def world(bootstrap_servers: str, unique_name: str) -> Iterator[KafkaWorld]:
    world = KafkaWorld(bootstrap_servers, unique_name, "exactly_once")
    for partition in range(2):
        world.write(numbered(10), partition)
    yield world
    world.close()


@pytest.fixture
def replica(world: KafkaWorld) -> Iterator[Replica]:
    with Replica(world) as replica:
        replica.poll(20)
        yield replica


@pytest.fixture
def publisher(world: KafkaWorld, replica: Replica) -> Iterator[Publisher]:
    publisher = world.publisher(replica.member)
    yield publisher
    publisher.close(timeout_s=1)


def echo(world: KafkaWorld, value: bytes) -> OutgoingRecord:
    return OutgoingRecord(world.echoes, b"key", value)


def of_a_generation_that_is_over(assignment: Assignment) -> Assignment:
    proof = assignment.proof
    return replace(assignment, proof=proof._replace(generation_id=proof.generation_id - 1))


def test_offsets_of_a_transaction_that_was_refused_are_not_committed_by_the_next(
    world: KafkaWorld, replica: Replica, publisher: Publisher
) -> None:
    first, second = Partition(world.words, 0), Partition(world.words, 1)
    ours = replica.assigned()
    over = of_a_generation_that_is_over(ours)
    with pytest.raises(BrokerUnavailable):
        publisher.publish([echo(world, b"refused")], at(over, {first: 7}), over.proof)
    publisher.publish([echo(world, b"taken")], at(ours, {second: 5}), ours.proof)

    assert replica.member.committed(first) is None
    assert replica.member.committed(second) == ours.position(second, LogPlace(0, 4))
    assert values(world.read(world.echoes)) == [b"taken"]


def test_a_record_that_its_topic_does_not_take_is_named_and_nothing_is_published(
    world: KafkaWorld, replica: Replica, publisher: Publisher
) -> None:
    small = Topic(f"{world.echoes}.small", Echo, key=str, config={"max.message.bytes": "1000"})
    create_topics([small], world.settings)
    place, ours = Partition(world.words, 0), replica.assigned()
    too_large = OutgoingRecord(small.name, b"key", bytes(range(256)) * 40)
    for record in (too_large, OutgoingRecord(world.echoes, b"key", b"x" * 5_000_000)):
        with pytest.raises(RecordNotTaken, match="takes no record of") as refused:
            publisher.publish(
                [echo(world, b"one"), record, echo(world, b"two")], at(ours, {place: 1}), ours.proof
            )
        assert refused.value.record is record
    assert replica.member.committed(place) is None
    assert world.read(world.echoes) == []
    publisher.publish([echo(world, b"goes on")], at(ours, {place: 1}), ours.proof)
    assert values(world.read(world.echoes)) == [b"goes on"]


def test_at_least_once_names_a_record_that_its_topic_does_not_take(
    world: KafkaWorld, replica: Replica
) -> None:
    publisher = AtLeastOncePublisher(replica.member.commit, world.settings)
    ours, record = replica.assigned(), OutgoingRecord(world.echoes, b"key", b"x" * 5_000_000)
    with pytest.raises(RecordNotTaken) as refused:
        publisher.publish([record], at(ours, {Partition(world.words, 0): 1}), ours.proof)
    assert refused.value.record is record
    publisher.close(timeout_s=1)


def test_a_commit_whose_answer_is_lost_is_known_from_what_the_group_has_committed(
    world: KafkaWorld,
    replica: Replica,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, ours = Partition(world.words, 0), replica.assigned()
    really_commit = kafka_publisher.commit

    def commit_and_lose_the_answer(producer: Any, within_s: float) -> None:
        really_commit(producer, within_s)
        raise kafka.errors.KafkaTimeoutError("no answer")

    monkeypatch.setattr(kafka_publisher, "commit", commit_and_lose_the_answer)
    with pytest.raises(BrokerUnavailable):
        publisher.publish([echo(world, b"once")], at(ours, {place: 3}), ours.proof)
    publisher.start()
    assert replica.member.committed(place) == ours.position(place, LogPlace(0, 2))


def test_a_commit_that_never_reached_the_broker_is_known_not_to_have_happened(
    world: KafkaWorld,
    replica: Replica,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, ours = Partition(world.words, 0), replica.assigned()

    def lose_the_request(producer: Any, within_s: float) -> None:
        raise kafka.errors.KafkaTimeoutError("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(kafka_publisher, "commit", lose_the_request)
        with pytest.raises(BrokerUnavailable):
            publisher.publish([echo(world, b"once")], at(ours, {place: 3}), ours.proof)
    publisher.start()
    assert replica.member.committed(place) is None
    publisher.publish([echo(world, b"again")], at(ours, {place: 3}), ours.proof)
    assert values(world.read(world.echoes)) == [b"again"]


class NeverSending(TransactionalPublisher):
    """Its records stay in the client, as they do where the partition's broker is away."""

    def _begun_producer(self) -> Any:
        producer = super()._begun_producer()
        producer._accumulator.config["linger_ms"] = 60_000
        return producer


def test_a_client_that_is_given_up_sends_nothing_any_more(
    world: KafkaWorld, replica: Replica, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_publisher, "ANSWERED_WITHIN_MS", 500)
    stuck = NeverSending(f"{unique_name}-0", world.settings)
    stuck.start()
    producer: Any = stuck._producer
    ours = replica.assigned()
    with pytest.raises(BrokerUnavailable, match="while publishing"):
        stuck.publish([echo(world, b"a")], at(ours, {Partition(world.words, 0): 1}), ours.proof)
    assert not producer._sender.is_alive()


class OfAnEpochThatIsOver(TransactionalPublisher):
    """Its record is sent under the epoch before, as happens when two take one id from each other.

    The broker refuses it, and the client begins a new epoch and forgets the transaction.
    """

    def _begun_producer(self) -> Any:
        fresh = self._producer is None
        producer = super()._begun_producer()
        if fresh:
            _begin_second_epoch(producer)
            _send_under_the_first(producer)
        return producer


def _begin_second_epoch(producer: Any) -> None:
    transaction = producer._transaction_manager
    transaction.bump_producer_id_and_epoch()
    producer._sender.wakeup()
    ends_at = time.monotonic() + 10
    while transaction.producer_id_and_epoch.epoch != 1:
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def _send_under_the_first(producer: Any) -> None:
    transaction = producer._transaction_manager
    producer._accumulator.config["linger_ms"] = LINGER_MS
    add_offsets, begin_third = (
        transaction.send_offsets_to_transaction,
        transaction.bump_producer_id_and_epoch,
    )
    second = transaction.producer_id_and_epoch

    def add_and_go_back(*arguments: Any) -> Any:
        added = add_offsets(*arguments)
        producer._sender.wakeup()
        added.wait(timeout_ms=5_000)
        transaction.producer_id_and_epoch = ProducerIdAndEpoch(second.producer_id, 0)
        return added

    def begin_third_after_second() -> None:
        transaction.producer_id_and_epoch = second
        begin_third()

    transaction.send_offsets_to_transaction = add_and_go_back
    transaction.bump_producer_id_and_epoch = begin_third_after_second


def test_a_transaction_that_the_client_dropped_is_no_success(
    world: KafkaWorld, replica: Replica, publisher: Publisher, unique_name: str
) -> None:
    dropping = OfAnEpochThatIsOver(f"{unique_name}-0", world.settings)
    place, ours = Partition(world.words, 0), replica.assigned()
    with pytest.raises(BrokerUnavailable, match="while publishing"):
        dropping.publish([echo(world, b"answer")], at(ours, {place: 1}), ours.proof)
    assert world.read(world.echoes) == []
    publisher.publish([echo(world, b"answer")], at(ours, {place: 1}), ours.proof)
    assert values(world.read(world.echoes)) == [b"answer"]
    dropping.close(timeout_s=1)
