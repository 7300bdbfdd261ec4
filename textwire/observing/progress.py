"""Whether what waits is being worked off: lag is no trouble, lag without a commit is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from textwire.wire.record import Partition

# Of partitions that stand still, so many are named.
MOST_NAMED = 4


@dataclass
class _Group:
    """Of one consumer group's partitions with records that wait: how many, and since when.

    since  when one of it was last committed, or else began to wait.
    """

    waiting: dict[Partition, int] = field(default_factory=dict)
    since: dict[Partition, float] = field(default_factory=dict)


class ProgressWatch:
    """Notices partitions on which records wait while none is committed, whatever others do."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._groups: dict[str, _Group] = {}

    def lags(self, group: str, lag: Mapping[Partition, int]) -> None:
        """Records that wait now, by partition that is owned."""
        now = self._clock()
        with self._lock:
            seen = self._group(group)
            seen.waiting = {place: records for place, records in lag.items() if records > 0}
            seen.since = {place: seen.since.get(place, now) for place in seen.waiting}

    def committed(self, group: str, of: Iterable[Partition]) -> None:
        """Records of these partitions are behind us."""
        now = self._clock()
        with self._lock:
            since = self._group(group).since
            since.update(dict.fromkeys(since.keys() & set(of), now))

    def stalled(self, after_s: float) -> dict[str, str]:
        """The groups of which a partition has not moved for so long, and that in words."""
        now = self._clock()
        with self._lock:
            standing = {
                name: sorted(place for place, at in seen.since.items() if now - at >= after_s)
                for name, seen in self._groups.items()
            }
            return {
                name: _told(self._groups[name], places, now)
                for name, places in standing.items()
                if places
            }

    def _group(self, name: str) -> _Group:
        return self._groups.setdefault(name, _Group())


def _told(group: _Group, places: list[Partition], now: float) -> str:
    records = sum(group.waiting[place] for place in places)
    for_s = now - max(group.since[place] for place in places)
    waiting = "1 record waits" if records == 1 else f"{records:,} records wait"
    return f"{waiting} on {_named(places)}, and none was committed for {for_s:.0f} s"


def _named(places: list[Partition]) -> str:
    names = [f"{topic}/{number}" for topic, number in places[:MOST_NAMED]]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
