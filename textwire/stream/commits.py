"""Offsets that are done and wait for the polling thread to commit them."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from textwire.stream.records import Partition


class PendingCommits:
    """How an at-least-once publisher, on the working thread, commits through the polling one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._offsets: dict[Partition, int] = {}

    def later(self, offsets: Mapping[Partition, int]) -> None:
        """Commit these at the next turn of the polling thread."""
        with self._lock:
            self._offsets |= offsets

    def waiting(self) -> dict[Partition, int]:
        """What is to be committed."""
        with self._lock:
            return dict(self._offsets)

    def done(self, offsets: Mapping[Partition, int]) -> None:
        """These were committed, or are not ours any more; what came since goes on waiting."""
        with self._lock:
            self._offsets = {
                partition: offset
                for partition, offset in self._offsets.items()
                if offsets.get(partition) != offset
            }
