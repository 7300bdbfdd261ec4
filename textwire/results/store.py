"""The protocol of a result store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from textwire.results.writes import Fence, Owner, Write
from textwire.wire.record import LogPlace

PlaceWrites = tuple[LogPlace, Sequence[Write]]


class ResultStore(Protocol):
    """Where results stand for pages, and what services remember between records.

    Every method raises RedisUnavailable (or its like) when the store is away, or cannot serve until
    somebody mends it. A write to a key that holds another type of value is refused, told in the log
    and counted, and all others go on; what is asked of such a key is answered as if it were empty.
    """

    def claim(self, fence: Fence, owner: Owner, *, from_anyone: bool = False) -> LogPlace | None:
        """Nobody but this owner moves the fence from now on.

        So what an owner reads afterwards stays as it is until they write it themselves, whatever a
        replica still does that was frozen and has not noticed yet.

        Args:    from_anyone: also from an owner of a later generation.
        Returns: the last place that was applied, or None.
        Raises:  FenceTaken: an owner of a later generation has it.
        """
        ...

    def apply(
        self, fence: Fence, by_place: Sequence[PlaceWrites], owner: Owner | None = None
    ) -> int:
        """Apply each record's writes that lie behind the fence and move it, in one atomic step.

        What lies behind it is what follows it (`LogPlace.follows`). Where the store cannot go on,
        the records before stay applied, and of the one at hand nothing is: the same call can be
        made again.

        Args:    by_place: writes of one partition, places ascending.
        Returns: how many records were applied; those at or before the fence change nothing.
        Raises:  FenceTaken: another owner has claimed the fence; nothing was applied.
        """
        ...

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record, together."""
        ...

    def last_applied(self, fence: Fence) -> LogPlace | None:
        """The last place that was applied, or None."""
        ...

    def get(self, key: str) -> bytes | None:
        """A value, or None."""
        ...

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of their keys."""
        ...

    def tail(self, key: str, count: int) -> list[bytes]:
        """The newest `count` values of a list, oldest first."""
        ...

    def fields(self, key: str) -> dict[str, bytes]:
        """A whole table; a table of counters holds decimal numbers."""
        ...

    def fields_many(self, keys: Sequence[str]) -> list[dict[str, bytes]]:
        """Whole tables in the order of their keys, in one round trip."""
        ...

    def entries(self, key: str) -> dict[LogPlace, bytes]:
        """A whole log, by place, ascending."""
        ...

    def check(self) -> None:
        """Ask whether the store is there and lets us work.

        Raises: RedisUnavailable, with what is the matter and what to do.
        """
        ...


def taken(fence: Fence, owner: str) -> str:
    """What FenceTaken says."""
    return f"Partition {fence.partition} of {fence.topic} is now written to by generation {owner}."
