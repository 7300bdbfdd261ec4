"""Where records come from: the protocols. Kafka in life, memory in tests.

Two clients share the work. One is a member of the consumer group and nothing else; the other reads
the log of those partitions that the group gave us, from where we say. So nothing has to be paused
(what is not wanted is not asked for), and no rebalance waits for a fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from textwire.stream.assignment import Assignment, Position
from textwire.wire.record import Partition, Record

# Behind what the group has committed; None: a partition's beginning.
Starts: TypeAlias = Mapping[Partition, Position | None]


@dataclass(frozen=True)
class Jump:
    """A place where reading could not go on as it was told to, since the log is not what it was.

    from_offset  where it was to go on.
    to_offset    where it goes on: before, if the log was cut off there; behind, if its beginning
                 was deleted.
    is_sure      whether Kafka could tell where the log was cut off; else it goes on at its end.
    """

    partition: Partition
    from_offset: int
    to_offset: int
    is_sure: bool = True

    @property
    def unread(self) -> int:
        """So many offsets were deleted before they were read."""
        return max(0, self.to_offset - self.from_offset)


class Holder(Protocol):
    """Who is told what the group gives and takes. Returns at once."""

    def assigned(self, generation: int, proof: Any, partitions: frozenset[Partition]) -> None:
        """These are ours from now on, and nothing else is."""
        ...

    def release(self, done: Callable[[], None]) -> None:
        """All of it will go: begin nothing more, and call `done` when nothing is in hand."""
        ...

    def lose(self) -> None:
        """Nothing is ours any more."""
        ...


class GroupMember(Protocol):
    """A replica's place in its consumer group."""

    def start(self, holder: Holder) -> None:
        """Connect; the group is joined while polling.

        Raises: BrokerUnavailable.
        """
        ...

    def poll(self, timeout_s: float) -> None:
        """Keep the place, and take part in rebalances. The holder is told meanwhile.

        Raises: BrokerUnavailable. ReplicaTaken: another process has our place.
        """
        ...

    def is_taken(self) -> bool:
        """Whether a process that took our place is still in the group.

        Raises: BrokerUnavailable.
        """
        ...

    def topic_ids(self) -> dict[str, str]:
        """The broker's ids of the topics now, by name, without those that are gone. Any thread.

        Raises: BrokerUnavailable.
        """
        ...

    def committed(self, partition: Partition) -> Position | None:
        """Where the group goes on; None where it never was. Any thread may ask.

        Raises: BrokerUnavailable: also while a transaction that may move it is still open.
        """
        ...

    def commit(self, positions: Mapping[Partition, Position]) -> None:
        """Commit without a transaction. Any thread may.

        Raises: BrokerUnavailable; positions of a membership that has ended are not committed.
        """
        ...

    def close(self, timeout_s: float) -> None:
        """Let the connection go. The group keeps the place for a returning replica for a while."""
        ...


class PartitionReader(Protocol):
    """Reads the partitions it is told to. Only the reading thread polls."""

    def read(self, assignment: Assignment | None, starts: Starts) -> None:
        """Read these from now on, and nothing else. Any thread may say so.

        A partition that was being read under the same assignment goes on where it is; any other
        begins at its start.
        """
        ...

    def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
        """What has arrived, in order within each partition, and under which assignment.

        Empty after `timeout_s` without any.

        Raises: BrokerUnavailable.
        """
        ...

    def unread(self) -> dict[Partition, int]:
        """Records of each partition that is to be read that were not polled yet.

        As the broker says now. Of partitions that are not to be read any more nothing is said.

        Raises: BrokerUnavailable.
        """
        ...

    def jumps(self) -> list[Jump]:
        """Where the log was found to be another than it was, since this was last asked."""
        ...

    def close(self, timeout_s: float) -> None:
        """Let the connection go."""
        ...
