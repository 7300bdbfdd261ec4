"""What members, readers and publishers keep to: those in memory and those of Kafka."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import kafka
import pytest

from tests.contracts.worlds import (
    PARTITIONS,
    KafkaWorld,
    MemoryWorld,
    Replica,
    World,
    at,
    numbered,
    values,
)
from tests.stream.loops import eventually
from tests.stream.made import Word
from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.assignment import Assignment, Position
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.publisher import Publisher
from textwire.wire.record import LogPlace, OutgoingRecord, Partition, Record
from textwire.wire.topic import Topic


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
    with Replica(world) as replica:
        records = replica.poll(1_500)
    for number, count in ((0, 1_200), (1, 300)):
        mine = [r for r in records if r.partition == Partition(world.words, number)]
        assert [r.offset for r in mine] == list(range(count))
        assert values(mine) == numbered(count)


def test_partitions_that_are_far_behind_take_turns(world: World) -> None:
    for number in range(PARTITIONS):
        world.write(numbered(1_200), partition=number)
    with Replica(world) as replica:
        records = replica.poll(1_200 * PARTITIONS)
    first = Counter(record.partition.number for record in records[:800])
    assert min(first[number] for number in range(PARTITIONS)) >= 200
    for number in range(PARTITIONS):
        mine = [r for r in records if r.partition.number == number]
        assert values(mine) == numbered(1_200)


def test_a_record_comes_whole(world: World) -> None:
    began_ms = time.time() * 1000
    world.write([b"\x00\xff", None, b""])
    with Replica(world) as replica:
        first, tombstone, empty = replica.poll(3)
    assert (first.key, first.value, dict(first.headers)) == (
        b"key",
        b"\x00\xff",
        {"name": b"value"},
    )
    assert (tombstone.value, empty.value) == (None, b"")
    assert began_ms - 1_000 <= first.timestamp_ms <= time.time() * 1000 + 1_000


def test_with_nothing_to_read_a_poll_is_over_in_time(world: World) -> None:
    world.write([b"one"])
    with Replica(world) as replica:
        replica.poll(1)
        began = time.monotonic()
        replica.poll_nothing(for_s=0.2)
        assert time.monotonic() - began < 1.5


def test_the_only_member_is_given_every_partition(world: World) -> None:
    with Replica(world) as replica:
        everything = {Partition(world.words, number) for number in range(PARTITIONS)}
        assert replica.assigned().partitions == everything


def test_reading_goes_on_where_the_group_committed(world: World) -> None:
    world.write(numbered(10), partition=0)
    world.write(numbered(5), partition=1)
    place = Partition(world.words, 0)
    with Replica(world) as replica:
        replica.poll(15)
        replica.member.commit(at(replica.assigned(), {place: 7}))
        assert replica.member.committed(place) == replica.assigned().position(place, LogPlace(0, 6))
    with Replica(world) as replica:
        again = replica.poll(8)
    assert values(r for r in again if r.partition.number == 0) == [b"7", b"8", b"9"]
    assert values(r for r in again if r.partition.number == 1) == numbered(5)


def test_what_was_committed_of_another_topic_of_that_name_does_not_count(world: World) -> None:
    world.write(numbered(3))
    place = Partition(world.words, 0)
    with Replica(world) as replica:
        replica.poll(3)
        replica.member.commit({place: Position(2, "the id of a topic that is no more")})
    with Replica(world) as replica:
        assert values(replica.poll(3)) == numbered(3)


def test_what_was_committed_without_a_topic_s_id_counts(world: World) -> None:
    world.write(numbered(3))
    with Replica(world) as replica:
        replica.poll(3)
        replica.member.commit({Partition(world.words, 0): Position(2, "")})
    with Replica(world) as replica:
        assert values(replica.poll(1)) == [b"2"]


def test_committing_nothing_is_no_error(world: World) -> None:
    with Replica(world) as replica:
        replica.assigned()
        replica.member.commit({})


def test_where_nothing_was_committed_the_group_has_no_position(world: World) -> None:
    with Replica(world) as replica:
        replica.assigned()
        assert replica.member.committed(Partition(world.words, 0)) is None


def test_a_reader_reads_what_it_is_told_to_and_nothing_else(world: World) -> None:
    first, second = (Partition(world.words, number) for number in range(PARTITIONS))
    world.write(numbered(3), partition=0)
    world.write(numbered(3), partition=1)
    with Replica(world) as replica:
        replica.poll(6)
        assignment = replica.assigned()
        replica.reader.read(assignment, {second: None})
        world.write([b"held"], partition=0)
        world.write([b"going on"], partition=1)
        assert values(replica.poll(1)) == [b"going on"]
        replica.poll_nothing(for_s=0.3)
        replica.reader.read(assignment, {second: None, first: Position(2, "")})
        assert values(replica.poll(2)) == [b"2", b"held"]
        replica.reader.read(None, {})
        world.write([b"too late"], partition=0)
        replica.poll_nothing(for_s=0.3)


def test_under_another_assignment_reading_begins_where_that_says(world: World) -> None:
    first, second = (Partition(world.words, number) for number in range(PARTITIONS))
    world.write(numbered(3), partition=0)
    world.write(numbered(2), partition=1)
    with Replica(world) as replica:
        replica.poll(5)
        before = replica.assigned()
        next_generation = replace(before, generation=before.generation + 1)
        replica.inbox.begin(next_generation)
        replica.reader.read(next_generation, {first: Position(1, ""), second: None})
        again = replica.poll(4)
    assert values(r for r in again if r.partition == first) == [b"1", b"2"]
    assert values(r for r in again if r.partition == second) == numbered(2)


def test_what_is_unread_is_what_was_not_polled_yet(world: World) -> None:
    first, second = (Partition(world.words, number) for number in range(PARTITIONS))
    world.write([b"one"], partition=0)
    with Replica(world) as replica:
        replica.poll(1)
        assert replica.reader.unread() == {first: 0, second: 0}
        world.write([b"a", b"b", b"c"], partition=0)
        assert replica.reader.unread() == {first: 3, second: 0}


def test_what_is_not_to_be_read_any_more_is_not_unread(world: World) -> None:
    """Else a replica that lost its partitions says for ever that it is behind on them."""
    world.write([b"one"], partition=0)
    with Replica(world) as replica:
        replica.poll(1)
        world.write([b"a", b"b", b"c"], partition=0)
        replica.reader.read(None, {})
        replica.poll_nothing(0.1)
        assert replica.reader.unread() == {}


def test_a_topic_has_the_same_id_for_all_that_ask(world: World) -> None:
    ids = set()
    for _ in range(2):
        with Replica(world) as replica:
            ids.add(replica.member.topic_ids()[world.words])
    assert len(ids) == 1
    assert ids != {""}


def test_nobody_has_taken_the_place_of_the_only_process(world: World) -> None:
    member = world.member()
    assert not member.is_taken()
    member.close(timeout_s=1)


def test_what_was_never_started_can_be_closed(world: World) -> None:
    world.member().close(timeout_s=1)
    world.reader().close(timeout_s=1)


def test_what_is_published_is_there_and_what_led_to_it_is_committed(
    publishing_world: World,
) -> None:
    world = publishing_world
    world.write(numbered(3))
    outgoing = [
        OutgoingRecord(world.echoes, b"key", b"\x00one", {"ce_id": b"1"}),
        OutgoingRecord(world.echoes, b"key", b"two", {"ce_id": b"2"}),
        OutgoingRecord(world.echoes, None, b"no key"),
        OutgoingRecord(world.echoes, b"tombstone", None),
    ]
    with Replica(world) as replica:
        replica.poll(3)
        assignment = replica.assigned()
        publisher = world.publisher(replica.member)
        publisher.start()
        positions = at(assignment, {Partition(world.words, 0): 2})
        publisher.publish(outgoing, positions, assignment.proof)
        publisher.publish([], positions, assignment.proof)
        publisher.close(timeout_s=5)
    assert sorted(map(seen, world.read(world.echoes))) == sorted(map(seen, outgoing))
    with Replica(world) as replica:
        assert values(replica.poll(1)) == [b"2"]


def test_records_of_one_key_are_published_in_their_order(publishing_world: World) -> None:
    world = publishing_world
    world.write([b"one"])
    with Replica(world) as replica:
        replica.poll(1)
        assignment = replica.assigned()
        publisher = world.publisher(replica.member)
        for begin in (0, 50):
            publisher.publish(
                [OutgoingRecord(world.echoes, b"k", b"%d" % (begin + n)) for n in range(50)],
                at(assignment, {Partition(world.words, 0): 1}),
                assignment.proof,
            )
        publisher.close(timeout_s=5)
    assert values(world.read(world.echoes)) == numbered(100)


def test_a_publisher_that_was_never_started_can_be_closed(publishing_world: World) -> None:
    member = publishing_world.member()
    publishing_world.publisher(member).close(timeout_s=1)
    member.close(timeout_s=1)


def seen(record: Record | OutgoingRecord) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    return record.key or b"", record.value or b"", sorted(record.headers.items())


def publish_one(
    world: KafkaWorld, publisher: Publisher, assignment: Assignment, value: bytes
) -> None:
    outgoing = [OutgoingRecord(world.echoes, b"key", value)]
    publisher.publish(outgoing, at(assignment, {Partition(world.words, 0): 1}), assignment.proof)


def test_a_replica_whose_membership_has_ended_publishes_nothing(kafka_world: KafkaWorld) -> None:
    world = kafka_world
    world.write([b"one"])
    with Replica(world) as replica:
        replica.poll(1)
        ended = replica.assigned()
        publisher = world.publisher(replica.member)
    with Replica(world) as replica:
        replica.poll(1)
        with pytest.raises(BrokerUnavailable, match="Another process works as this replica"):
            publish_one(world, publisher, ended, b"from the past")
        assert world.read(world.echoes) == []
        publish_one(world, publisher, replica.assigned(), b"now")
    publisher.close(timeout_s=5)
    assert values(world.read(world.echoes)) == [b"now"]


def test_a_new_life_of_a_replica_takes_its_transactions_over(kafka_world: KafkaWorld) -> None:
    world = kafka_world
    world.write([b"one"])
    with Replica(world) as replica:
        replica.poll(1)
        assignment = replica.assigned()
        old, new = world.publisher(replica.member), world.publisher(replica.member)
        publish_one(world, old, assignment, b"old")
        new.start()
        with pytest.raises(BrokerUnavailable):
            publish_one(world, old, assignment, b"zombie")
        publish_one(world, new, assignment, b"new")
    for publisher in (old, new):
        publisher.close(timeout_s=5)
    assert values(world.read(world.echoes)) == [b"old", b"new"]


def test_a_topic_that_was_made_anew_has_another_id_and_one_that_is_gone_has_none(
    kafka_world: KafkaWorld,
) -> None:
    world, ids = kafka_world, set()
    member = world.member()
    for _ in range(2):
        ids.add(member.topic_ids()[world.words])
        admin = kafka.KafkaAdminClient(bootstrap_servers=world.settings.bootstrap_servers)
        admin.delete_topics([world.words])
        admin.close()
        eventually(lambda: member.topic_ids() == {})
        make_anew(world)
        eventually(lambda: member.topic_ids() != {})
    assert len(ids) == 2
    member.close(timeout_s=1)


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
    member = KafkaMember(("words",), unique_name, 0, StreamSettings(), nowhere)
    reader = KafkaReader(StreamSettings(), nowhere)
    reader.read(Assignment(1, None, frozenset()), {Partition("words", 0): None})
    transactional = TransactionalPublisher(unique_name, nowhere)
    plain = AtLeastOncePublisher(member.commit, nowhere)
    tries: list[Callable[[], object]] = [
        lambda: member.start(NobodyToTell()),
        member.topic_ids,
        lambda: reader.poll(0.1),
        transactional.start,
        plain.start,
    ]
    with ThreadPoolExecutor() as pool:  # each takes the five seconds that a client looks around
        for tried in [pool.submit(one) for one in tries]:
            with pytest.raises(BrokerUnavailable, match="textwire status"):
                tried.result()
    for part in (member, reader, transactional, plain):
        part.close(timeout_s=1)


class NobodyToTell:
    def assigned(self, generation: int, proof: object, partitions: frozenset[Partition]) -> None:
        raise AssertionError

    def release(self, done: Callable[[], None]) -> None:
        raise AssertionError

    def lose(self) -> None:
        """Nothing was ours."""
