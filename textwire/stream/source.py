"""Where records come from: the protocol. Kafka in life (kafka_source.py), memory in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from textwire.stream.records import Partition, Record


class Ownership(Protocol):
    """Who is told that partitions go to another replica."""

    def release(self, partitions: Iterable[Partition], done: Callable[[], None]) -> None:
        """They will go: begin nothing more of them, and call `done` when nothing is in hand."""
        ...

    def lose(self, partitions: Iterable[Partition]) -> None:
        """They are gone."""
        ...


class RecordSource(Protocol):
    """A member of a consumer group. Only the polling thread calls it, if nothing else is said."""

    def start(self, ownership: Ownership) -> None:
        """Join the group.

        Raises: BrokerUnavailable.
        """
        ...

    def poll(self, timeout_s: float) -> list[Record]:
        """What has arrived, in order within each partition; empty after `timeout_s` without any.

        Raises: BrokerUnavailable.
        """
        ...

    def pause(self, partitions: Iterable[Partition]) -> None:
        """Fetch nothing more of these partitions."""
        ...

    def resume(self, partitions: Iterable[Partition]) -> None:
        """Fetch them again."""
        ...

    def owned(self) -> set[Partition]:
        """The partitions that are this replica's now. Any thread may ask."""
        ...

    def membership(self) -> Any:
        """Proof of membership at this moment, for a transaction. Any thread may ask."""
        ...

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Commit without a transaction where reading goes on.

        Raises: BrokerUnavailable; offsets of a membership that has ended are not committed.
        """
        ...

    def lag(self) -> dict[Partition, int]:
        """Records of each owned partition that were not polled yet, as the broker says now.

        Raises: BrokerUnavailable.
        """
        ...

    def topic_id(self, topic: str) -> str:
        """The broker's own id of a topic, new if it was made anew. Any thread may ask."""
        ...

    def close(self, timeout_s: float) -> None:
        """Leave the group."""
        ...
