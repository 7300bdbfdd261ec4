"""A broker in this process's memory: for tests of the loop, and for replays that nobody else reads.

It keeps the promises of the real one that the loop relies on, as the contract tests show, but for a
group of one replica: partitions, offsets, commits, and publishing that is all or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from threading import Condition
from time import time
from typing import Any

from textwire.stream.records import Headers, OutgoingRecord, Partition, Record
from textwire.stream.source import Ownership


class MemoryBroker:
    """Topics of some partitions each, and one group's committed offsets."""

    def __init__(self, partitions: int = 1) -> None:
        self.partitions = partitions
        self.committed: dict[Partition, int] = {}
        self._logs: defaultdict[Partition, list[Record]] = defaultdict(list)
        self.changed = Condition()  # reentrant: its lock is an RLock

    def append(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None = None,
        headers: Headers | None = None,
        partition: int | None = None,
    ) -> Record:
        """Write a record; without a partition, its key chooses one."""
        with self.changed:
            number = hash(key) % self.partitions if partition is None else partition
            place = Partition(topic, number)
            log = self._logs[place]
            record = Record(place, len(log), key, value, headers or {}, int(time() * 1000))
            log.append(record)
            self.changed.notify_all()
            return record

    def records(self, topic: str) -> list[Record]:
        """All records of a topic, partition after partition."""
        with self.changed:
            places = sorted(place for place in self._logs if place.topic == topic)
            return [record for place in places for record in self._logs[place]]

    def read(self, place: Partition, offset: int, count: int) -> list[Record]:
        """Records of a partition from an offset on."""
        with self.changed:
            return self._logs[place][offset : offset + count]

    def end(self, place: Partition) -> int:
        """The offset of the next record."""
        with self.changed:
            return len(self._logs[place])


class MemorySource:
    """The only member of its group."""

    def __init__(self, broker: MemoryBroker, topics: Sequence[str], max_records: int = 500) -> None:
        self._broker = broker
        self._places = {Partition(t, n) for t in topics for n in range(broker.partitions)}
        self._positions: dict[Partition, int] = {}
        self._paused: set[Partition] = set()
        self._max_records = max_records

    def start(self, ownership: Ownership) -> None:  # noqa: ARG002 - nobody takes anything away
        """Begin where the group has committed."""
        self._positions = {p: self._broker.committed.get(p, 0) for p in self._places}

    def poll(self, timeout_s: float) -> list[Record]:
        """What has arrived."""
        with self._broker.changed:
            self._broker.changed.wait_for(self._has_some, timeout=timeout_s)
            polled: list[Record] = []
            for place in sorted(self._places - self._paused):
                room = self._max_records - len(polled)
                fetched = self._broker.read(place, self._positions[place], room)
                self._positions[place] += len(fetched)
                polled += fetched
            return polled

    def pause(self, partitions: Iterable[Partition]) -> None:
        """Fetch nothing more of these partitions."""
        self._paused |= set(partitions)

    def resume(self, partitions: Iterable[Partition]) -> None:
        """Fetch them again."""
        self._paused -= set(partitions)

    def owned(self) -> set[Partition]:
        """All of them."""
        return set(self._places)

    def membership(self) -> Any:
        """Nothing to prove."""
        return None

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Commit where reading goes on."""
        self._broker.committed |= offsets

    def lag(self) -> dict[Partition, int]:
        """Records that were not polled yet."""
        return {p: self._broker.end(p) - self._positions[p] for p in self._places}

    def topic_id(self, topic: str) -> str:
        """A topic of memory is never made anew."""
        return topic

    def close(self, timeout_s: float) -> None:
        """Nothing to leave."""

    def _has_some(self) -> bool:
        fetchable = self._places - self._paused
        return any(self._broker.end(p) > self._positions[p] for p in fetchable)


class MemoryPublisher:
    """Publishes to the broker in memory, and commits, in one step."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    def start(self) -> None:
        """Nothing to get ready."""

    def publish(
        self,
        outgoing: Sequence[OutgoingRecord],
        offsets: Mapping[Partition, int],
        membership: Any,  # noqa: ARG002 - nothing to prove
    ) -> None:
        """Publish and commit."""
        with self._broker.changed:
            for record in outgoing:
                self._broker.append(record.topic, record.value, record.key, record.headers)
            self._broker.committed |= offsets

    def close(self, timeout_s: float) -> None:
        """Nothing to let go."""
