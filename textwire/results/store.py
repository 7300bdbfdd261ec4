"""The protocol of a result store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from textwire.results.writes import Fence, Write

OffsetWrites = tuple[int, Sequence[Write]]


class ResultStore(Protocol):
    """Where results stand for pages, and what services remember between records.

    Every method raises RedisUnavailable (or its like) when the store is away.
    """

    def apply(self, fence: Fence, by_offset: Sequence[OffsetWrites]) -> int:
        """Apply each offset's writes that lie behind the fence and move it, in one atomic step.

        Args:    by_offset: writes of one partition, offsets ascending.
        Returns: how many offsets were applied; those at or before the fence change nothing.
        """
        ...

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record, together."""
        ...

    def last_applied(self, fence: Fence) -> int | None:
        """The last offset that was applied, or None."""
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

    def check(self) -> None:
        """Ask whether the store is there and lets us work.

        Raises: RedisUnavailable, with what is the matter and what to do.
        """
        ...
