"""Results in this process's memory: for tests and for replays that nobody watches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from threading import Lock
from time import monotonic

from textwire.results.store import OffsetWrites
from textwire.results.writes import Append, Count, Fence, Put, Remove, SetField, Write


class MemoryResults:
    """The same behaviour as Redis, as the contract tests show, and nothing kept."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._fences: dict[Fence, int] = {}
        self._values: dict[str, bytes] = {}
        self._lists: defaultdict[str, list[bytes]] = defaultdict(list)
        self._tables: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self._expires_at: dict[str, float] = {}
        self._expiring: list[
            tuple[float, str]
        ] = []  # a heap; what was put anew since is passed over

    def apply(self, fence: Fence, by_offset: Sequence[OffsetWrites]) -> int:
        """Apply what lies behind the fence, and move it."""
        with self._lock:
            last = self._fences.get(fence, -1)
            fresh = [(offset, writes) for offset, writes in by_offset if offset > last]
            for offset, writes in fresh:
                self._write_all(writes)
                self._fences[fence] = offset
            return len(fresh)

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record."""
        with self._lock:
            self._write_all(writes)

    def last_applied(self, fence: Fence) -> int | None:
        """The last offset applied, or None."""
        with self._lock:
            return self._fences.get(fence)

    def get(self, key: str) -> bytes | None:
        """A value, or None."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of their keys."""
        with self._lock:
            self._drop_expired()
            return [self._values.get(key) for key in keys]

    def tail(self, key: str, count: int) -> list[bytes]:
        """The newest values of a list, oldest first."""
        with self._lock:
            self._drop_expired()
            return self._lists[key][-count:] if count > 0 else []

    def fields(self, key: str) -> dict[str, bytes]:
        """A whole table."""
        with self._lock:
            return dict(self._tables[key])

    def check(self) -> None:
        """It is there for as long as the process."""

    def _write_all(self, writes: Iterable[Write]) -> None:
        self._drop_expired()
        for write in writes:
            self._write(write)

    def _write(self, write: Write) -> None:
        match write:
            case Put(key, value, ttl_s):
                self._values[key] = value
                self._expires_at.pop(key, None)
                self._expire(key, ttl_s)
            case Append(key, value, keep, ttl_s):
                self._lists[key] = [*self._lists[key], value][-keep:]
                self._expire(key, ttl_s)
            case SetField(key, field, None):
                self._tables[key].pop(field, None)
            case SetField(key, field, value):
                self._tables[key][field] = value or b""
            case Count(key, field, by):
                counted = int(self._tables[key].get(field, b"0")) + by
                self._tables[key][field] = str(counted).encode()
            case Remove(key):
                self._expires_at.pop(key, None)
                for kind in (self._values, self._lists, self._tables):
                    kind.pop(key, None)

    def _expire(self, key: str, ttl_s: int | None) -> None:
        if ttl_s is not None:
            self._expires_at[key] = self._clock() + ttl_s
            heappush(self._expiring, (self._expires_at[key], key))

    def _drop_expired(self) -> None:
        now = self._clock()
        while self._expiring and self._expiring[0][0] <= now:
            at, key = heappop(self._expiring)
            if self._expires_at.get(key) == at:
                del self._expires_at[key]
                self._values.pop(key, None)
                self._lists.pop(key, None)
