"""Where results go, and how the positions of what led to them are committed: the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from textwire.errors import TooLargeToSend
from textwire.stream.assignment import Position
from textwire.wire.record import OutgoingRecord, Partition

Positions = Mapping[Partition, Position]


class RecordNotTaken(TooLargeToSend):
    """One of the records is larger than the broker, or its topic, takes."""

    def __init__(self, record: OutgoingRecord, why: str) -> None:
        size = len(record.value or b"")
        super().__init__(f"{record.topic} takes no record of {size:,} bytes: {why}")
        self.record = record


class Publisher(Protocol):
    """Publishes what a batch led to and commits the batch, in one step or in that order."""

    def start(self) -> None:
        """Get ready to publish; what an earlier try or life left open is finished or aborted.

        Raises: BrokerUnavailable.
        """
        ...

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        """Publish and commit.

        After an error neither was done, or (without transactions) a part. Where an answer was lost
        it is unknown: what the group has committed tells, once `start` has returned.

        Args:   proof: of membership in the generation under which the records were read.
        Raises: BrokerUnavailable: worth another try. RecordNotTaken: of one record it is not.
        """
        ...

    def close(self, timeout_s: float) -> None:
        """Let the broker go."""
        ...
