"""What every record source and publisher keeps to: those in memory and those of Kafka."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import kafka
import pytest

from tests.contracts.worlds import (
    PARTITIONS,
    KafkaWorld,
    Kept,
    MemoryWorld,
    Reading,
    World,
    numbered,
    poll,
    values,
)
from tests.stream.made import Word
from textwire.errors import BrokerUnavailable, SettingsError
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.kafka import create_topics
from textwire.stream.kafka_publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.kafka_source import KafkaSource
from textwire.stream.publisher import Publisher
from textwire.stream.records import OutgoingRecord, Partition, Record
from textwire.topics import Topic


@pytest.fixture
def kafka_world(request: pytest.FixtureRequest, unique_name: str) -> Iterator[KafkaWorld]:
    delivery = getattr(request, "param", "exactly_once")
    world = KafkaWorld(request.getfixturevalue("bootstrap_servers"), unique_name, delivery)
    yield world
    world.close()


@pytest.fixture(params=["memory", "kafka"])
def world(request: pytest.FixtureRequest) -> World:
    return MemoryWorld() if request.param == "memory" else request.getfixturevalue("kafka_world")


@pytest.fixture(params=["memory", "exactly_once", "at_least_once"])
def publishing_world(
    request: pytest.FixtureRequest, unique_name: str
) -> Iterator[MemoryWorld | KafkaWorld]:
    if request.param == "memory":
        yield MemoryWorld()
        return
    bootstrap_servers = request.getfixturevalue("bootstrap_servers")
    world = KafkaWorld(bootstrap_servers, unique_name, request.param)
    yield world
    world.close()


def test_records_come_in_order_within_their_partition_from_its_beginning(world: World) -> None:
    world.write(numbered(1_200), partition=0)
    world.write(numbered(300), partition=1)
    with Reading(world) as source:
        records = poll(source, 1_500)
    for number, count in ((0, 1_200), (1, 300)):
        mine = [r for r in records if r.partition == Partition(world.words, number)]
        assert [r.offset for r in mine] == list(range(count))
        assert values(mine) == numbered(count)


def test_a_record_comes_whole(world: World) -> None:
    began_ms = time.time() * 1000
    world.write([b"\x00\xff", None, b""])
    with Reading(world) as source:
        first, tombstone, empty = poll(source, 3)
    assert (first.key, first.value, dict(first.headers)) == (
        b"key",
        b"\x00\xff",
        {"name": b"value"},
    )
    assert (tombstone.value, empty.value) == (None, b"")
    assert began_ms - 1_000 <= first.timestamp_ms <= time.time() * 1000 + 1_000


def test_with_nothing_to_read_a_poll_is_over_in_time(world: World) -> None:
    world.write([b"one"])
    with Reading(world) as source:
        poll(source, 1)
        began = time.monotonic()
        assert source.poll(0.2) == []
        assert time.monotonic() - began < 1.5


def test_the_only_member_owns_every_partition(world: World) -> None:
    world.write([b"one"])
    with Reading(world) as source:
        poll(source, 1)
        assert source.owned() == {Partition(world.words, number) for number in range(PARTITIONS)}


def test_reading_goes_on_where_the_group_committed(world: World) -> None:
    world.write(numbered(10), partition=0)
    world.write(numbered(5), partition=1)
    with Reading(world) as source:
        poll(source, 15)
        source.commit({Partition(world.words, 0): 7})
    with Reading(world) as source:
        again = poll(source, 8)
    assert values(r for r in again if r.partition.number == 0) == [b"7", b"8", b"9"]
    assert values(r for r in again if r.partition.number == 1) == numbered(5)


def test_committing_nothing_is_no_error(world: World) -> None:
    world.write([b"one"])
    with Reading(world) as source:
        poll(source, 1)
        source.commit({})


def test_a_paused_partition_waits_while_the_other_goes_on(world: World) -> None:
    first, second = (Partition(world.words, number) for number in range(PARTITIONS))
    world.write([b"first"], partition=0)
    world.write([b"second"], partition=1)
    with Reading(world) as source:
        poll(source, 2)
        source.pause([first])
        world.write([b"held"], partition=0)
        world.write([b"going on"], partition=1)
        assert values(poll(source, 1)) == [b"going on"]
        assert source.poll(0.3) == []
        source.resume([first])
        assert values(poll(source, 1)) == [b"held"]
        source.pause([second])
        source.resume([second])


def test_partitions_that_are_not_ours_are_paused_and_resumed_without_ado(world: World) -> None:
    world.write([b"one"])
    with Reading(world) as source:
        poll(source, 1)
        source.pause([Partition(world.words, 99)])
        source.resume([Partition(world.words, 99)])


def test_the_lag_is_what_was_not_polled_yet(world: World) -> None:
    first, second = (Partition(world.words, number) for number in range(PARTITIONS))
    world.write([b"one"], partition=0)
    with Reading(world) as source:
        poll(source, 1)
        assert source.lag() == {first: 0, second: 0}
        source.pause([first])
        world.write([b"a", b"b", b"c"], partition=0)
        assert source.lag() == {first: 3, second: 0}


def test_a_topic_has_the_same_id_for_all_that_ask(world: World) -> None:
    world.write([b"one"])
    ids = set()
    for _ in range(2):
        with Reading(world) as source:
            ids.add(source.topic_id(world.words))
    assert len(ids) == 1
    assert ids != {""}


def test_a_source_that_was_never_started_can_be_closed(world: World) -> None:
    world.source().close(timeout_s=1)


def test_what_is_published_is_there_and_what_led_to_it_is_committed(
    publishing_world: World,
) -> None:
    world = publishing_world
    world.write(numbered(3))
    publisher = world.publisher()
    publisher.start()
    with Reading(world) as source:
        poll(source, 3)
        outgoing = [
            OutgoingRecord(world.echoes, b"key", b"\x00one", {"ce_id": b"1"}),
            OutgoingRecord(world.echoes, b"key", b"two", {"ce_id": b"2"}),
            OutgoingRecord(world.echoes, None, b"no key"),
            OutgoingRecord(world.echoes, b"tombstone", None),
        ]
        publisher.publish(outgoing, {Partition(world.words, 0): 2}, source.membership())
        source.commit(world.commits.waiting())
        publisher.publish([], {Partition(world.words, 0): 2}, source.membership())
    publisher.close(timeout_s=5)
    assert sorted(map(seen, world.read(world.echoes))) == sorted(map(seen, outgoing))
    with Reading(world) as source:
        assert values(poll(source, 1)) == [b"2"]


def test_records_of_one_key_are_published_in_their_order(publishing_world: World) -> None:
    world = publishing_world
    world.write([b"one"])
    publisher = world.publisher()
    publisher.start()
    with Reading(world) as source:
        poll(source, 1)
        for begin in (0, 50):
            publisher.publish(
                [OutgoingRecord(world.echoes, b"k", b"%d" % (begin + n)) for n in range(50)],
                {Partition(world.words, 0): 1},
                source.membership(),
            )
    publisher.close(timeout_s=5)
    assert values(world.read(world.echoes)) == numbered(100)


def test_a_publisher_that_was_never_started_can_be_closed(publishing_world: World) -> None:
    publishing_world.publisher().close(timeout_s=1)


def seen(record: Record | OutgoingRecord) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    return record.key or b"", record.value or b"", sorted(record.headers.items())


def publish_one(world: KafkaWorld, publisher: Publisher, membership: Any, value: bytes) -> None:
    outgoing = [OutgoingRecord(world.echoes, b"key", value)]
    publisher.publish(outgoing, {Partition(world.words, 0): 1}, membership)


def test_a_replica_whose_membership_has_ended_publishes_nothing(kafka_world: KafkaWorld) -> None:
    world = kafka_world
    world.write([b"one"])
    publisher = world.publisher()
    publisher.start()
    with Reading(world) as source:
        poll(source, 1)
        ended = source.membership()
    with Reading(world) as source:
        poll(source, 1)
        with pytest.raises(SettingsError, match="Another process works as this replica"):
            publish_one(world, publisher, ended, b"from the past")
        assert world.read(world.echoes) == []
        publish_one(world, publisher, source.membership(), b"now")
    publisher.close(timeout_s=5)
    assert values(world.read(world.echoes)) == [b"now"]


def test_a_new_life_of_a_replica_takes_its_transactions_over(kafka_world: KafkaWorld) -> None:
    world = kafka_world
    world.write([b"one"])
    old, new = world.publisher(), world.publisher()
    with Reading(world) as source:
        poll(source, 1)
        old.start()
        publish_one(world, old, source.membership(), b"old")
        new.start()
        with pytest.raises(BrokerUnavailable):
            publish_one(world, old, source.membership(), b"zombie")
        publish_one(world, new, source.membership(), b"new")
    for publisher in (old, new):
        publisher.close(timeout_s=5)
    assert values(world.read(world.echoes)) == [b"old", b"new"]


def test_a_topic_that_was_made_anew_has_another_id(kafka_world: KafkaWorld) -> None:
    world, ids = kafka_world, set()
    for _ in range(2):
        with Reading(world) as source:
            ids.add(source.topic_id(world.words))
        admin = kafka.KafkaAdminClient(bootstrap_servers=world.settings.bootstrap_servers)
        admin.delete_topics([world.words])
        admin.close()
        make_anew(world)
    assert len(ids) == 2


def make_anew(world: KafkaWorld) -> None:
    """A topic that is being deleted is still there for some milliseconds."""
    topic = Topic(world.words, Word, key=str, partitions=PARTITIONS)
    for _ in range(50):
        if create_topics([topic], world.settings):
            return
        time.sleep(0.05)
    raise AssertionError("the topic was not deleted")


def test_an_unreachable_broker_is_told_in_our_words(unique_name: str) -> None:
    nowhere = KafkaSettings(bootstrap_servers="127.0.0.1:9")
    source = KafkaSource(("words",), unique_name, 0, StreamSettings(), nowhere)
    transactional = TransactionalPublisher(unique_name, nowhere)
    plain = AtLeastOncePublisher(lambda offsets: None, nowhere)
    with ThreadPoolExecutor() as pool:  # each takes the five seconds that a client looks around
        starts = [
            pool.submit(source.start, Kept()),
            pool.submit(transactional.start),
            pool.submit(plain.start),
        ]
        for start in starts:
            with pytest.raises(BrokerUnavailable, match="textwire status"):
                start.result()
    for part in (source, transactional, plain):
        part.close(timeout_s=1)
