"""A broker in this process's memory: for tests of the loop, and for replays that nobody else reads.

It keeps the promises of the real one that the loop relies on, as the contract tests show, but for a
group of one replica: partitions, offsets, commits, and publishing that is all or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from threading import Condition
from time import sleep, time
from typing import Any

from textwire.stream.assignment import Assignment, Position
from textwire.stream.publisher import Positions
from textwire.stream.source import Holder, Jump, Starts
from textwire.wire.record import Headers, OutgoingRecord, Partition, Record


class MemoryBroker:
    """Topics of some partitions each, and one group's positions."""

    def __init__(self, partitions: int = 1) -> None:
        self.partitions = partitions
        self.positions: dict[Partition, Position] = {}
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

    def places(self, topics: Iterable[str]) -> set[Partition]:
        """The partitions of topics."""
        return {Partition(topic, number) for topic in topics for number in range(self.partitions)}

    @property
    def committed(self) -> dict[Partition, int]:
        """The offsets at which the group goes on."""
        return {place: position.offset for place, position in self.positions.items()}

    def commit(self, positions: Positions) -> None:
        """The group goes on there."""
        with self.changed:
            self.positions |= positions

    def read(self, place: Partition, offset: int, count: int) -> list[Record]:
        """Records of a partition from an offset on."""
        with self.changed:
            return self._logs[place][offset : offset + count]

    def end(self, place: Partition) -> int:
        """The offset of the next record."""
        with self.changed:
            return len(self._logs[place])


class MemoryMember:
    """The only member of its group, which is never rebalanced."""

    def __init__(self, broker: MemoryBroker, topics: Sequence[str]) -> None:
        self._broker = broker
        self._topics = topics
        self._holder: Holder | None = None
        self._is_told = False

    def start(self, holder: Holder) -> None:
        """Nothing to connect to."""
        self._holder = holder

    def poll(self, timeout_s: float) -> None:
        """The first one brings all partitions."""
        if self._holder is not None and not self._is_told:
            self._is_told = True
            self._holder.assigned(1, None, frozenset(self._broker.places(self._topics)))
            return
        sleep(timeout_s)

    def is_taken(self) -> bool:
        """There is nobody else."""
        return False

    def topic_ids(self) -> dict[str, str]:
        """A topic of memory is never made anew: its name is its id."""
        return {topic: topic for topic in self._topics}

    def committed(self, partition: Partition) -> Position | None:
        """Where the group goes on."""
        return self._broker.positions.get(partition)

    def commit(self, positions: Positions) -> None:
        """Commit where reading goes on."""
        self._broker.commit(positions)

    def close(self, timeout_s: float) -> None:
        """Nothing to leave."""


class MemoryReader:
    """Reads partitions of the broker in memory."""

    def __init__(self, broker: MemoryBroker, max_records: int = 500) -> None:
        self._broker = broker
        self._max_records = max_records
        self._assignment: Assignment | None = None
        self._next: dict[Partition, int] = {}

    def read(self, assignment: Assignment | None, starts: Starts) -> None:
        """Read these from now on."""
        with self._broker.changed:
            kept = self._next if assignment is self._assignment else {}
            self._next = {
                place: kept.get(place, start.offset if start else 0)
                for place, start in starts.items()
            }
            self._assignment = assignment
            self._broker.changed.notify_all()

    def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
        """What has arrived."""
        with self._broker.changed:
            self._broker.changed.wait_for(self._has_some, timeout=timeout_s)
            polled: list[Record] = []
            for place in list(self._next):
                room = self._max_records - len(polled)
                fetched = self._broker.read(place, self._next[place], room)
                polled += fetched
                if fetched:  # and is behind the others in the next turn
                    self._next[place] = self._next.pop(place) + len(fetched)
            return self._assignment, polled

    def unread(self) -> dict[Partition, int]:
        """Records that were not polled yet."""
        with self._broker.changed:
            return {place: self._broker.end(place) - at for place, at in self._next.items()}

    def jumps(self) -> list[Jump]:
        """Its log loses nothing."""
        return []

    def close(self, timeout_s: float) -> None:
        """Nothing to let go."""

    def _has_some(self) -> bool:
        return any(self._broker.end(place) > at for place, at in self._next.items())


class MemoryPublisher:
    """Publishes to the broker in memory, and commits, in one step."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    def start(self) -> None:
        """Nothing to get ready."""

    def publish(
        self,
        outgoing: Sequence[OutgoingRecord],
        positions: Positions,
        proof: Any,  # noqa: ARG002 - nothing to prove
    ) -> None:
        """Publish and commit."""
        with self._broker.changed:
            for record in outgoing:
                self._broker.append(record.topic, record.value, record.key, record.headers)
            self._broker.commit(positions)

    def close(self, timeout_s: float) -> None:
        """Nothing to let go."""
