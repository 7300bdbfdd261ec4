"""Where results go, and how the offsets of what led to them are committed: the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from textwire.stream.records import OutgoingRecord, Partition


class Publisher(Protocol):
    """Publishes what a batch led to and commits the batch, in one step or in that order."""

    def start(self) -> None:
        """Get ready to publish; what an earlier life of this replica left open is aborted.

        Raises: BrokerUnavailable.
        """
        ...

    def publish(
        self, outgoing: Sequence[OutgoingRecord], offsets: Mapping[Partition, int], membership: Any
    ) -> None:
        """Publish and commit; after an error neither, or (without transactions) a part.

        Args:   membership: the group's, as it was when the partitions were known to be ours.
        Raises: BrokerUnavailable: worth another try.
        """
        ...

    def close(self, timeout_s: float) -> None:
        """Let the broker go."""
        ...
