"""A broker in memory and the real one, alike to the tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import kafka

from tests.stream.made import Echo, Word
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.commits import PendingCommits
from textwire.stream.kafka import create_topics
from textwire.stream.kafka_publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.kafka_source import KafkaSource
from textwire.stream.memory import MemoryBroker, MemoryPublisher, MemorySource
from textwire.stream.publisher import Publisher
from textwire.stream.reading import read_to_end
from textwire.stream.records import Partition, Record
from textwire.stream.source import RecordSource
from textwire.topics import Topic

PARTITIONS = 2


@dataclass
class Kept:
    """Who is told of partitions: lets them go at once."""

    lost: list[Partition] = field(default_factory=list)

    def release(self, partitions: Iterable[Partition], done: Callable[[], None]) -> None:
        done()

    def lose(self, partitions: Iterable[Partition]) -> None:
        self.lost += partitions


class World(Protocol):
    """A broker with two topics of two partitions, and one group."""

    words: str
    echoes: str
    commits: PendingCommits

    def write(self, values: list[bytes | None], partition: int = 0) -> None: ...

    def read(self, topic: str) -> list[Record]: ...

    def source(self) -> RecordSource: ...

    def publisher(self) -> Publisher: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.words, self.echoes = "words", "echoes"
        self.commits = PendingCommits()
        self._broker = MemoryBroker(PARTITIONS)

    def write(self, values: list[bytes | None], partition: int = 0) -> None:
        for value in values:
            self._broker.append(self.words, value, b"key", {"name": b"value"}, partition)

    def read(self, topic: str) -> list[Record]:
        return self._broker.records(topic)

    def source(self) -> RecordSource:
        return MemorySource(self._broker, [self.words])

    def publisher(self) -> Publisher:
        return MemoryPublisher(self._broker)


class KafkaWorld:
    def __init__(self, bootstrap_servers: str, name: str, delivery: str) -> None:
        self.words, self.echoes = f"{name}.words", f"{name}.echoes"
        self.commits = PendingCommits()
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

    def source(self, replica: int = 0, **stream: Any) -> RecordSource:
        settings = StreamSettings(**stream)
        return KafkaSource((self.words,), self._name, replica, settings, self.settings)

    def publisher(self) -> Publisher:
        if self._delivery == "exactly_once":
            return TransactionalPublisher(f"{self._name}-0", self.settings)
        return AtLeastOncePublisher(self.commits.later, self.settings)

    def close(self) -> None:
        self._producer.close()


class Reading:
    """A source in the group while the block lasts."""

    def __init__(self, world: World) -> None:
        self.world, self.source = world, world.source()

    def __enter__(self) -> RecordSource:
        self.source.start(Kept())
        return self.source

    def __exit__(self, *_: Any) -> None:
        self.source.close(timeout_s=5)


def poll(source: RecordSource, count: int, within_s: float = 15.0) -> list[Record]:
    """The next `count` records."""
    records: list[Record] = []
    ends_at = time.monotonic() + within_s
    while len(records) < count and time.monotonic() < ends_at:
        records += source.poll(0.1)
    assert len(records) == count
    return records


def values(records: Iterable[Record]) -> list[bytes | None]:
    return [record.value for record in records]


def numbered(count: int) -> list[bytes | None]:
    return [str(number).encode() for number in range(count)]
