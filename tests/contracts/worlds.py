"""A broker in memory and the real one, alike to the tests."""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Event, Thread
from typing import Any, Protocol

import kafka

from tests.stream.loops import eventually
from tests.stream.made import Echo, Word
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.assignment import Assignment, Position
from textwire.stream.clients.reading import read_to_end
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.loop.batch import BatchBudget
from textwire.stream.loop.inbox import Inbox
from textwire.stream.loop.membership import Membership
from textwire.stream.memory import MemoryBroker, MemoryMember, MemoryPublisher, MemoryReader
from textwire.stream.publisher import Publisher
from textwire.stream.source import GroupMember, PartitionReader
from textwire.wire.record import LogPlace, Partition, Record
from textwire.wire.topic import Topic

PARTITIONS = 2


class World(Protocol):
    """A broker with two topics of two partitions, and one group."""

    words: str
    echoes: str

    def write(self, values: list[bytes | None], partition: int = 0) -> None: ...

    def read(self, topic: str) -> list[Record]: ...

    def member(self) -> GroupMember: ...

    def reader(self) -> PartitionReader: ...

    def publisher(self, member: GroupMember) -> Publisher: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.words, self.echoes = "words", "echoes"
        self._broker = MemoryBroker(PARTITIONS)

    def write(self, values: list[bytes | None], partition: int = 0) -> None:
        for value in values:
            self._broker.append(self.words, value, b"key", {"name": b"value"}, partition)

    def read(self, topic: str) -> list[Record]:
        return self._broker.records(topic)

    def member(self) -> GroupMember:
        return MemoryMember(self._broker, [self.words])

    def reader(self) -> PartitionReader:
        return MemoryReader(self._broker)

    def publisher(self, member: GroupMember) -> Publisher:
        return MemoryPublisher(self._broker)


class KafkaWorld:
    def __init__(self, bootstrap_servers: str, name: str, delivery: str) -> None:
        self.words, self.echoes = f"{name}.words", f"{name}.echoes"
        self.settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
        self._name, self._delivery = name, delivery
        create_topics(
            [
                Topic(self.words, Word, key=str, partitions=PARTITIONS),
                Topic(self.echoes, Echo, key=str, partitions=PARTITIONS),
            ],
            self.settings,
        )
        self._producer = kafka.KafkaProducer(bootstrap_servers=bootstrap_servers)

    def write(self, values: list[bytes | None], partition: int = 0) -> None:
        for value in values:
            self._producer.send(
                self.words, value, b"key", [("name", b"value")], partition=partition
            )
        self._producer.flush()

    def read(self, topic: str) -> list[Record]:
        return list(read_to_end(topic, self.settings))

    def member(self, replica: int = 0, **stream: Any) -> KafkaMember:
        settings = StreamSettings(**stream)
        return KafkaMember((self.words,), self._name, replica, settings, self.settings)

    def reader(self, **stream: Any) -> KafkaReader:
        return KafkaReader(StreamSettings(**stream), self.settings)

    def publisher(self, member: GroupMember, replica: int = 0) -> Publisher:
        if self._delivery == "exactly_once":
            return TransactionalPublisher(f"{self._name}-{replica}", self.settings)
        return AtLeastOncePublisher(member.commit, self.settings)

    def close(self) -> None:
        self._producer.close()


class Replica:
    """A member of the group and its reader, with the thread that keeps the membership.

    Its batch in hand is a fiction: what is released is done with at once, or by `when_released`.
    """

    def __init__(self, world: World, member: GroupMember | None = None) -> None:
        self.member = member or world.member()
        self.reader = world.reader()
        self.health = Health()
        self.inbox = Inbox(BatchBudget(1_000_000, 10_000), 0.0, 10_000)
        self._stop = Event()
        self.membership = Membership(
            "group",
            self.member,
            self.reader,
            self.inbox,
            StreamSettings(retry_first_s=0.01),
            ServiceMetrics("replica", 0, self.health),
            self._stop,
        )
        self._thread = Thread(target=self.membership.run, daemon=True)
        self._thread.start()

    @property
    def assignment(self) -> Assignment | None:
        """What is ours now."""
        return self.inbox.assignment

    def assigned(self, within_s: float = 20.0) -> Assignment:
        """What is ours, once something is."""
        eventually(lambda: self.assignment is not None, within_s)
        assert self.assignment is not None
        return self.assignment

    def owned(self) -> set[Partition]:
        ours = self.assignment
        return set(ours.partitions) if ours else set()

    def poll(self, count: int, within_s: float = 20.0) -> list[Record]:
        """The next `count` records."""
        records: list[Record] = []
        ends_at = time.monotonic() + within_s
        while len(records) < count and time.monotonic() < ends_at:
            assignment, polled = self.reader.poll(0.1)
            records += polled if assignment is self.assignment else []
        assert len(records) == count
        return records

    def poll_nothing(self, for_s: float) -> None:
        assert self.reader.poll(for_s)[1] == []

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)
        self.member.close(timeout_s=5)
        self.reader.close(timeout_s=5)

    def __enter__(self) -> Replica:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def at(assignment: Assignment, offsets: dict[Partition, int]) -> dict[Partition, Position]:
    """Offsets as positions of an assignment's topics."""
    return {
        place: assignment.position(place, LogPlace(0, offset - 1))
        for place, offset in offsets.items()
    }


def values(records: Iterable[Record]) -> list[bytes | None]:
    return [record.value for record in records]


def numbered(count: int) -> list[bytes | None]:
    return [str(number).encode() for number in range(count)]
