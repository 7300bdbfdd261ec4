"""Reading the real Kafka's log: whatever is in it, and whatever happens to the client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

import kafka
import pytest
from kafka.errors import KafkaTimeoutError
from kafka.structs import TopicPartition

from tests.contracts.worlds import KafkaWorld, numbered, values
from textwire.errors import BrokerUnavailable
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment, Position
from textwire.stream.kafka import reader as kafka_reader
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.kafka.record_batches import MOST_VALUE_BYTES
from textwire.stream.source import Jump
from textwire.wire.record import Partition, Record


@pytest.fixture
def world(bootstrap_servers: str, unique_name: str) -> Iterator[KafkaWorld]:
    world = KafkaWorld(bootstrap_servers, unique_name, "exactly_once")
    yield world
    world.close()


@pytest.fixture
def reader(world: KafkaWorld) -> Iterator[KafkaReader]:
    reader = KafkaReader(StreamSettings(), world.settings)
    place = Partition(world.words, 0)
    reader.read(Assignment(1, None, frozenset({place}), {world.words: "its id"}), {place: None})
    yield reader
    reader.close(timeout_s=1)


class NotUtf8(str):
    """A header's name as other clients may write it."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


def read(reader: KafkaReader, count: int) -> list[Record]:
    records: list[Record] = []
    ends_at = monotonic() + 20
    while monotonic() < ends_at:
        records += reader.poll(0.1)[1]
        if len(records) >= count:
            return records
    raise AssertionError(f"{len(records)} of {count} records came")


def test_a_client_that_gets_no_answer_is_given_up_and_reading_goes_on_where_it_stood(
    world: KafkaWorld, reader: KafkaReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_answer(*_arguments: object) -> dict[object, int]:
        raise KafkaTimeoutError("no answer")

    world.write(numbered(10), 0)
    assert values(read(reader, 10)) == numbered(10)
    stuck = reader._consumer
    with monkeypatch.context() as patched:
        patched.setattr(kafka_reader, "ends_of", no_answer)
        for _ in range(2):
            with pytest.raises(BrokerUnavailable, match="asking for the newest offsets"):
                reader.unread()
    world.write([b"later"], 0)
    assert values(read(reader, 1)) == [b"later"]
    assert reader._consumer is not stuck
    assert reader.unread() == {Partition(world.words, 0): 0}


@pytest.mark.parametrize("codec", [None, "gzip", "snappy", "lz4", "zstd"])
def test_whatever_producers_compress_with_is_read(
    codec: str | None, world: KafkaWorld, reader: KafkaReader
) -> None:
    producer = kafka.KafkaProducer(
        bootstrap_servers=world.settings.bootstrap_servers, compression_type=codec
    )
    for value in numbered(50):
        producer.send(world.words, value, b"key", [("name", b"value")], partition=0)
    producer.close()
    assert values(read(reader, 50)) == numbered(50)


def pour(world: KafkaWorld, topic: str, partition: int, count: int) -> None:
    """So many records in few batches, which are small on the wire."""
    producer = kafka.KafkaProducer(
        bootstrap_servers=world.settings.bootstrap_servers, compression_type="gzip", linger_ms=50
    )
    for value in numbered(count):
        producer.send(topic, value, partition=partition)
    producer.close()


def read_everything(world: KafkaWorld, *places: Partition, buffer: int) -> KafkaReader:
    reader = KafkaReader(StreamSettings(max_buffered_records=buffer), world.settings)
    ids = {place.topic: "its id" for place in places}
    reader.read(Assignment(1, None, frozenset(places), ids), dict.fromkeys(places))
    return reader


def test_what_is_small_on_the_wire_and_many_records_keeps_no_other_partition_waiting(
    world: KafkaWorld,
) -> None:
    first, second = Partition(world.words, 0), Partition(world.words, 1)
    for place in (first, second):
        pour(world, place.topic, place.number, 4_000)
    reader = read_everything(world, first, second, buffer=64)
    records = read(reader, 8_000)
    reader.close(timeout_s=1)
    for place in (first, second):
        assert sum(record.partition == place for record in records[:4_000]) >= 1_000
        assert values(r for r in records if r.partition == place) == numbered(4_000)


def test_what_comes_new_is_read_while_other_partitions_are_far_behind(world: KafkaWorld) -> None:
    behind = [Partition(world.words, 0), Partition(world.words, 1)]
    quiet = Partition(world.echoes, 0)
    for place in behind:
        pour(world, place.topic, place.number, 4_000)
    reader = read_everything(world, *behind, quiet, buffer=64)
    read(reader, 100)
    pour(world, quiet.topic, quiet.number, 1)
    before: list[Record] = []
    while not any(record.partition == quiet for record in before):
        before += reader.poll(0.1)[1]
    reader.close(timeout_s=1)
    assert len(before) < 4_000


def test_a_record_that_the_client_cannot_make_sense_of_stops_nobody(
    world: KafkaWorld, reader: KafkaReader
) -> None:
    producer = kafka.KafkaProducer(bootstrap_servers=world.settings.bootstrap_servers)
    producer.send(world.words, b"before", partition=0)
    producer.send(world.words, b"odd", headers=[(NotUtf8("name"), b"value")], partition=0)
    producer.send(world.words, b"after", partition=0)
    producer.close()
    before, odd, after = read(reader, 3)
    assert (before.value, odd.value, after.value) == (b"before", b"odd", b"after")
    assert odd.headers == {"\ufffd\ufffd": b"value"}


def test_a_record_that_is_huge_when_inflated_is_held_to_its_beginning(
    world: KafkaWorld, reader: KafkaReader
) -> None:
    size = 30 * MOST_VALUE_BYTES
    producer = kafka.KafkaProducer(
        bootstrap_servers=world.settings.bootstrap_servers,
        compression_type="gzip",
        max_request_size=2 * size,
    )
    producer.send(world.words, b"before", partition=0)
    producer.flush()
    producer.send(world.words, b"x" * size, b"key", partition=0)
    producer.flush()
    producer.send(world.words, b"after", partition=0)
    producer.close()
    before, huge, after = read(reader, 3)
    assert (before.value, after.value) == (b"before", b"after")
    assert huge.cut is not None
    assert huge.cut.size == size
    assert len(huge.value or b"") < MOST_VALUE_BYTES


def test_a_client_that_fails_is_given_up_for_one_that_goes_on_where_it_stood(
    world: KafkaWorld, reader: KafkaReader
) -> None:
    world.write(numbered(5))
    assert values(read(reader, 5)) == numbered(5)

    def fail(timeout_ms: int) -> None:
        raise ZeroDivisionError("a mistake in the client")

    reader._consumer.poll = fail
    with pytest.raises(BrokerUnavailable, match="begins anew"):
        reader.poll(0.1)
    world.write([b"more"])
    assert values(read(reader, 1)) == [b"more"]


def test_what_was_fetched_of_a_topic_that_was_made_anew_is_not_handed_out(
    world: KafkaWorld, reader: KafkaReader
) -> None:
    world.write(numbered(5))
    read(reader, 5)
    client = reader._consumer
    place = Partition(world.words, 0)
    same = Assignment(2, None, frozenset({place}), {world.words: "its id"})
    reader.read(same, {place: Position(3, "")})
    assert values(read(reader, 2)) == [b"3", b"4"]
    assert reader._consumer is client
    anew = Assignment(3, None, frozenset({place}), {world.words: "another id"})
    reader.read(anew, {place: None})
    assert values(read(reader, 5)) == numbered(5)
    assert reader._consumer is not client


def test_where_a_log_ends_before_the_place_reading_goes_on_at_its_end_and_says_so(
    world: KafkaWorld,
) -> None:
    world.write(numbered(5))
    reader = reading_from(world, Position(90, ""))
    poll_for(reader, lambda: bool(reader._jumps))
    world.write([b"new"])
    assert values(read(reader, 1)) == [b"new"]
    assert reader.jumps() == [Jump(Partition(world.words, 0), 90, 5, is_sure=False)]
    assert reader.jumps() == []
    reader.close(timeout_s=1)


def test_where_kafka_knows_where_a_log_was_cut_off_reading_goes_on_there(
    world: KafkaWorld,
) -> None:
    world.write(numbered(5))
    reader = reading_from(world, Position(90, "", epoch=0))
    poll_for(reader, lambda: bool(reader._jumps))
    assert reader.jumps() == [Jump(Partition(world.words, 0), 90, 5)]
    reader.close(timeout_s=1)


def test_where_records_were_deleted_unread_reading_goes_on_behind_them_and_says_so(
    world: KafkaWorld,
) -> None:
    world.write(numbered(9))
    admin = kafka.KafkaAdminClient(bootstrap_servers=world.settings.bootstrap_servers)
    admin.delete_records({TopicPartition(world.words, 0): 6})
    admin.close()
    reader = reading_from(world, Position(2, "", epoch=0))
    assert values(read(reader, 3)) == [b"6", b"7", b"8"]
    assert reader.jumps() == [Jump(Partition(world.words, 0), 2, 6)]
    reader.close(timeout_s=1)


def reading_from(world: KafkaWorld, position: Position) -> KafkaReader:
    reader = KafkaReader(StreamSettings(), world.settings)
    place = Partition(world.words, 0)
    reader.read(Assignment(1, None, frozenset({place}), {world.words: "its id"}), {place: position})
    return reader


def poll_for(reader: KafkaReader, seen: Callable[[], bool]) -> None:
    """Read nothing until it is seen."""
    ends_at = monotonic() + 20
    while not seen():
        assert monotonic() < ends_at
        assert reader.poll(0.1)[1] == []
