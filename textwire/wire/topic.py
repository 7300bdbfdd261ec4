"""What a topic is: its name, what travels on it, and how the broker keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from textwire.wire.message import Message

Direction = Literal["received", "sent"]

DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = -1
# A rarely used topic: how long deletes stay visible for a reader that is behind.
COMPACTION = {"cleanup.policy": "compact", "delete.retention.ms": str(DAY_MS)}
# What services write is kept from when the broker has it. By a writer's clock that is behind it
# would be deleted too early, and by one that is an hour ahead it is refused (Kafka 4).
BY_BROKERS_CLOCK = {"message.timestamp.type": "LogAppendTime"}
NO_BOUND_MS = 2**63 - 1
# Room for a record that was refused for its size, with its reason in the headers.
DEAD_LETTER_MAX_BYTES = 4 * 1024 * 1024
# Long enough to come back from holidays to; what holds personal data is not kept for ever.
DEAD_LETTER_DAYS = 30
DEAD_LETTER_CONFIG = {
    "retention.ms": str(DEAD_LETTER_DAYS * DAY_MS),
    # Only whole files are deleted: with one a day, a letter goes within a day of its time.
    "segment.ms": str(DAY_MS),
    "max.message.bytes": str(DEAD_LETTER_MAX_BYTES),
    # A letter keeps its time when it is written again, so that time is its writer's; see above.
    "message.timestamp.after.max.ms": str(NO_BOUND_MS),
}


def dead_letter_config(days: int) -> dict[str, str]:
    """How the broker is told to keep dead letters for so long."""
    return {**DEAD_LETTER_CONFIG, "retention.ms": str(days * DAY_MS)}


@dataclass(frozen=True)
class Topic:
    """A topic as the broker keeps it.

    partitions   the most replicas that can share the work.
    retention_ms how long a record stays; -1 is for ever (compacted topics: until it is replaced).
    compacted    only the last record of each key is kept: the state of the world.
    internal     from a service to itself: no contract with other programs.
    direction    received: services read it; sent: they write it for others to read.
    refusals     how whoever sent what cannot be used is told, besides its dead letter; for people.
    example      what docs/asyncapi.yaml shows; every topic that is not internal has one.
    """

    name: str
    message: type[Message]
    key: Callable[[Any], str]
    partitions: int = 4
    retention_ms: int = 7 * DAY_MS
    compacted: bool = False
    internal: bool = False
    direction: Direction = "received"
    refusals: str = ""
    example: Message | None = None
    config: dict[str, str] = field(default_factory=dict)

    @property
    def dead(self) -> str:
        """Where records of this topic go that could not be used."""
        return f"{self.name}.dead"

    @property
    def broker_config(self) -> dict[str, str]:
        """How the broker is told to keep it."""
        compaction = COMPACTION if self.compacted else {}
        clock = BY_BROKERS_CLOCK if self.is_written_by_services else {}
        return {"retention.ms": str(self.retention_ms), **compaction, **clock, **self.config}

    @property
    def is_written_by_services(self) -> bool:
        """And by nobody else."""
        return self.direction == "sent" or self.internal
