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


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read.

    cut         says that `value` is only the beginning: the whole was too large to be held.
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

    @property
    def id(self) -> str:
        """Its place, which is the same each time it is read."""
        return f"{self.partition.topic}-{self.partition.number}-{self.offset}"

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
