"""Whether what waits is being worked off: lag is no trouble, lag without a commit is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from textwire.wire.record import Partition


@dataclass
class _Group:
    """One consumer group's records that wait, and since when none was committed; None: none do."""

    waiting: int = 0
    topics: tuple[str, ...] = ()
    since: float | None = None


class ProgressWatch:
    """Notices a consumer group on which records wait while none is committed."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._groups: dict[str, _Group] = {}

    def lags(self, group: str, lag: Mapping[Partition, int]) -> None:
        """Records that wait now, by partition that is owned."""
        behind = {partition.topic for partition, records in lag.items() if records > 0}
        with self._lock:
            seen = self._group(group)
            seen.waiting = sum(lag.values())
            seen.topics = tuple(sorted(behind))
            if not behind:
                seen.since = None
            elif seen.since is None:
                seen.since = self._clock()

    def committed(self, group: str, records: int) -> None:
        """So many records are behind us."""
        with self._lock:
            seen = self._group(group)
            if records > 0 and seen.since is not None:
                seen.since = self._clock()

    def stalled(self, after_s: float) -> dict[str, str]:
        """The groups that have not moved for so long though records wait, and that in words."""
        now = self._clock()
        with self._lock:
            return {
                name: _told(seen, now - seen.since)
                for name, seen in self._groups.items()
                if seen.since is not None and now - seen.since >= after_s
            }

    def _group(self, name: str) -> _Group:
        return self._groups.setdefault(name, _Group())


def _told(group: _Group, for_s: float) -> str:
    waiting = "1 record waits" if group.waiting == 1 else f"{group.waiting:,} records wait"
    return f"{waiting} on {', '.join(group.topics)}, and none was committed for {for_s:.0f} s"
