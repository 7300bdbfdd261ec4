"""Results in this process's memory: for tests and for replays that nobody watches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from math import inf
from threading import Lock
from time import monotonic
from typing import TypeAlias, TypeVar

from textwire.errors import FenceTaken
from textwire.results.metrics import refused, unreadable
from textwire.results.store import PlaceWrites, taken
from textwire.results.writes import (
    Append,
    Count,
    Drop,
    Fence,
    Log,
    Owner,
    Put,
    Remove,
    SetField,
    Write,
)
from textwire.wire.record import LogPlace

COUNTER = re.compile(rb"0|-?[1-9][0-9]{,18}")
COUNTERS = range(-(2**63), 2**63)


NOWHERE = LogPlace(-1, -1)


class Entries(dict[LogPlace, bytes]):
    """A log by place; `newest` is the last place that there ever was."""

    newest = NOWHERE


Held: TypeAlias = bytes | list[bytes] | dict[str, bytes] | Entries
H = TypeVar("H", list[bytes], dict[str, bytes], Entries)


class NeverPossible(Exception):
    """What is held does not allow the write, now or later."""


class MemoryResults:
    """The same behaviour as Redis, as the contract tests show, and nothing kept."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._fences: dict[Fence, LogPlace] = {}
        self._owners: dict[Fence, Owner] = {}
        self._held: dict[str, Held] = {}
        self._expires_at: dict[str, float] = {}
        # A heap with a look at each key that expires, at its time or before.
        self._looks: list[tuple[float, str]] = []

    def claim(self, fence: Fence, owner: Owner, *, from_anyone: bool = False) -> LogPlace | None:
        """Nobody but this owner moves the fence from now on."""
        with self._lock:
            held = self._owners.get(fence, owner)
            if held.generation > owner.generation and not from_anyone:
                raise FenceTaken(taken(fence, str(held)))
            self._owners[fence] = owner
            return self._fences.get(fence)

    def apply(
        self, fence: Fence, by_place: Sequence[PlaceWrites], owner: Owner | None = None
    ) -> int:
        """Apply what lies behind the fence, and move it."""
        with self._lock:
            held = self._owners.get(fence)
            if owner is not None and self._owners.setdefault(fence, owner) != owner:
                raise FenceTaken(taken(fence, str(held)))
            last = self._fences.get(fence, NOWHERE)
            fresh = [(place, writes) for place, writes in by_place if place.follows(last)]
            for place, writes in fresh:
                self._write_all(writes)
                self._fences[fence] = place
            return len(fresh)

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record."""
        with self._lock:
            self._write_all(writes)

    def last_applied(self, fence: Fence) -> LogPlace | None:
        """The last place applied, or None."""
        with self._lock:
            return self._fences.get(fence)

    def get(self, key: str) -> bytes | None:
        """A value, or None."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of their keys."""
        with self._lock:
            self._drop_expired()
            held = [self._held.get(key) for key in keys]
            return [value if isinstance(value, bytes) else None for value in held]

    def tail(self, key: str, count: int) -> list[bytes]:
        """The newest values of a list, oldest first."""
        with self._lock:
            return self._read(key, list)[-count:] if count > 0 else []

    def fields(self, key: str) -> dict[str, bytes]:
        """A whole table."""
        with self._lock:
            return dict(self._read(key, dict))

    def fields_many(self, keys: Sequence[str]) -> list[dict[str, bytes]]:
        """Whole tables in the order of their keys."""
        return [self.fields(key) for key in keys]

    def entries(self, key: str) -> dict[LogPlace, bytes]:
        """A whole log, by place."""
        with self._lock:
            return dict(self._read(key, Entries))

    def _read(self, key: str, kind: type[H]) -> H:
        self._drop_expired()
        try:
            return self._of_kind(key, kind)
        except NeverPossible as error:
            unreadable(key, str(error))
            return kind()

    def check(self) -> None:
        """It is there for as long as the process."""

    def _write_all(self, writes: Iterable[Write]) -> None:
        self._drop_expired()
        for write in writes:
            try:
                self._write(write)
            except NeverPossible as error:
                refused(write.key, type(write).__name__, str(error))

    def _write(self, write: Write) -> None:
        match write:
            case Remove(key):
                self._forget(key)
                return
            case Put(key, value, ttl_s):
                self._held[key] = value
                if ttl_s is None:
                    self._expires_at.pop(key, None)
            case Append(key, value, keep):
                self._held[key] = [*self._of_kind(key, list), value][-keep:]
            case Drop(key, value):
                self._drop(key, value)
            case SetField(key, field, value):
                self._set_field(key, field, value)
            case Count(key, field, by):
                counted = _counted(self._of_kind(key, dict).get(field, b"0"), by)
                self._set_field(key, field, counted)
            case Log(key, place, value, keep_from):
                self._held[key] = _logged(self._of_kind(key, Entries), place, value, keep_from)
        if write.ttl_s is not None and write.key in self._held:
            self._expire(write.key, self._clock() + write.ttl_s)

    def _of_kind(self, key: str, kind: type[H]) -> H:
        held = self._held.get(key)
        if held is None:
            return kind()
        if type(held) is not kind:
            raise NeverPossible("another type of value stands there")
        return held

    def _drop(self, key: str, value: bytes) -> None:
        kept = [one for one in self._of_kind(key, list) if one != value]
        if kept:
            self._held[key] = kept
        else:
            self._forget(key)

    def _set_field(self, key: str, field: str, value: bytes | None) -> None:
        table = self._of_kind(key, dict)
        if value is None:
            table.pop(field, None)
        else:
            self._held[key] = table
            table[field] = value
        if not table:
            self._forget(key)

    def _forget(self, key: str) -> None:
        self._held.pop(key, None)
        self._expires_at.pop(key, None)

    def _expire(self, key: str, at: float) -> None:
        if at < self._expires_at.get(key, inf):
            heappush(self._looks, (at, key))
        self._expires_at[key] = at

    def _drop_expired(self) -> None:
        now = self._clock()
        while self._looks and self._looks[0][0] <= now:
            _, key = heappop(self._looks)
            at = self._expires_at.get(key, inf)
            if at <= now:
                self._forget(key)
            elif at < inf:  # it was put off meanwhile
                heappush(self._looks, (at, key))


def _counted(value: bytes, by: int) -> bytes:
    """A counter as Redis has it: a decimal number of 64 bits, written in one way alone."""
    if not COUNTER.fullmatch(value) or int(value) not in COUNTERS:
        raise NeverPossible("what stands there is no counter")
    if int(value) + by not in COUNTERS:
        raise NeverPossible("the counter would be too large")
    return b"%d" % (int(value) + by)


def _logged(entries: Entries, place: LogPlace, value: bytes, keep_from: LogPlace | None) -> Entries:
    if place > entries.newest:
        entries[place] = value
        entries.newest = place
    for old in [] if keep_from is None else [one for one in entries if one < keep_from]:
        del entries[old]
    return entries
