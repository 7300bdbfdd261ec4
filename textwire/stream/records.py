"""A record as it comes from a topic and as it goes to one, whatever the client library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

Headers = Mapping[str, bytes]


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    number: int


# What a time that there is not is told by; which of them, the platform decides.
NO_SUCH_TIME = (ValueError, OverflowError, OSError)


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default_factory=dict)
    timestamp_ms: int = 0

    @property
    def id(self) -> str:
        """Its place, which is the same each time it is read."""
        return f"{self.partition.topic}-{self.partition.number}-{self.offset}"

    @property
    def at(self) -> datetime:
        """When it was written.

        Raises: one of `NO_SUCH_TIME`: a broker takes any number for a time, also one before year 1.
        """
        return datetime.fromtimestamp(self.timestamp_ms / 1000, tz=UTC)


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """A record to be written."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default_factory=dict)
