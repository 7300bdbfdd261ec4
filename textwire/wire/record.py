"""A record as it comes from a topic and as it goes to one, whatever the client library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

Headers = Mapping[str, bytes]


class Cut(NamedTuple):
    """What is known of a value of which only the beginning was kept."""

    size: int
    sha256: str


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    number: int


class LogPlace(NamedTuple):
    """Where a record stands in the history of its partition.

    An offset alone does not say it: a log that was cut off (a broker lost power, or a replica that
    lacked its end became the leader) goes on with other records at the same offsets. Their leader's
    epoch is a later one.

    epoch   of the leader that wrote the record; -1: not known.
    Source: https://cwiki.apache.org/confluence/x/oQQIB (KIP-101)
    """

    epoch: int
    offset: int

    def follows(self, other: LogPlace) -> bool:
        """Whether it was written later; where an epoch is not known, the offsets tell."""
        if self.epoch < 0 or other.epoch < 0:
            return self.offset > other.offset
        return self > other


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read.

    leader_epoch  see `LogPlace`.
    topic_id    the broker's own id of the topic, which tells it from others that had its name
                before; empty: not known.
    cut         says that `value` is only the beginning: the whole was too large to be held.
    lacks       what else of it was too much to be held, such as `some of its headers`.
    unreadable  says why nothing could be made of the record's bytes; the rest is then empty.
    """

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default_factory=dict)
    timestamp_ms: int = 0
    cut: Cut | None = None
    unreadable: str = ""
    leader_epoch: int = -1
    topic_id: str = ""
    lacks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its place: the same each time it is read, and no other record's, as far as is known.

        An offset comes again where a log was cut off, which the epoch tells, and where a topic was
        made anew, which its id tells. `<topic>-<partition>-<offset>[.<epoch>][.<topic id>]`.
        """
        topic, number = self.partition
        epoch = f".{self.leader_epoch}" if self.leader_epoch >= 0 else ""
        topic_id = f".{self.topic_id}" if self.topic_id else ""
        return f"{topic}-{number}-{self.offset}{epoch}{topic_id}"

    @property
    def place(self) -> LogPlace:
        """Where it stands in its partition, also should that be cut off and go on anew."""
        return LogPlace(self.leader_epoch, self.offset)

    @property
    def at(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(self.timestamp_ms / 1000, tz=UTC)


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """A record to be written."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default_factory=dict)
