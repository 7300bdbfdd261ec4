"""What a consumer group gave to this replica, from one rebalance to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from textwire.wire.record import LogPlace, Partition


class Position(NamedTuple):
    """Where a group's reading of a partition goes on, and in which topic.

    The broker keeps offsets under the topic's name. One that was committed for a topic which has
    been deleted and made anew since says nothing about its successor; the id tells them apart.

    epoch  of the leader that wrote the record before: Kafka tells by it whether its log still holds
           that record, or was cut off before it. -1: not known.
    """

    offset: int
    topic_id: str
    epoch: int = -1

    def is_behind(self, place: LogPlace) -> bool:
        """Whether the record at a place was read by whoever goes on here."""
        return not place.follows(LogPlace(self.epoch, self.offset - 1))


@dataclass(frozen=True, eq=False)
class Assignment:
    """The partitions of one generation. No two are equal: what was read under one is its own.

    generation  its number, ascending; a proof of an older one is refused by the broker.
    name        of this one alone, by which it owns what it writes to.
    proof       of membership, as a transaction wants it.
    topic_ids   the broker's own ids of the topics, by name.
    """

    generation: int
    proof: Any
    partitions: frozenset[Partition]
    topic_ids: Mapping[str, str] = field(default_factory=dict)
    name: str = field(default_factory=lambda: uuid4().hex)

    def position(self, partition: Partition, done: LogPlace) -> Position:
        """Behind the last record that is done with of one of its partitions."""
        return Position(done.offset + 1, self.topic_ids.get(partition.topic, ""), done.epoch)

    def start(self, partition: Partition, committed: Position | None) -> Position | None:
        """Where to begin, or None for the partition's beginning.

        A position without an id was committed by others' tools, on purpose.
        """
        if committed is None:
            return None
        own = self.topic_ids.get(partition.topic, "")
        return committed if committed.topic_id in ("", own) else None

    def is_of_former_topics(self, ids: Mapping[str, str]) -> bool:
        """Whether a topic that it has was made anew since it began.

        Args: ids: of the topics now; one that is not there just now may come back as it was.
        """
        shared = self.topic_ids.keys() & ids.keys()
        return any(self.topic_ids[topic] != ids[topic] for topic in shared)
