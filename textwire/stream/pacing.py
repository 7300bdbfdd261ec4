"""When the next message is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# Fewer, larger groups: 20 a second are smooth to look at and cheap to send.
GROUPS_A_SECOND = 20
LARGEST_GROUP = 500


class Clock:
    """The machine's time; a test hands in its own."""

    def now_s(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Do nothing for a while."""
        time.sleep(seconds)


def in_groups(items: Iterable[T], size: int = LARGEST_GROUP) -> Iterator[list[T]]:
    """Items in their order, `size` at a time; the last group may be smaller."""
    iterator = iter(items)
    while group := list(islice(iterator, size)):
        yield group


def at_rate(items: Iterable[T], per_second: float, clock: Clock | None = None) -> Iterator[list[T]]:
    """Groups of items, each when it is due at a steady rate."""
    own_clock = clock or Clock()
    size = max(1, min(LARGEST_GROUP, round(per_second / GROUPS_A_SECOND)))
    due_s = own_clock.now_s()
    for group in in_groups(items, size):
        own_clock.sleep(max(0.0, due_s - own_clock.now_s()))
        yield group
        due_s += len(group) / per_second


def by_time(
    items: Iterable[T],
    moment_of: Callable[[T], datetime | None],
    speed: float,
    clock: Clock | None = None,
) -> Iterator[list[T]]:
    """Each item when its moment comes, as time goes `speed` times as fast from the first one on.

    Items without a moment, and those that are out of order, come with the one before them.
    """
    own_clock = clock or Clock()
    first: datetime | None = None
    began_s = own_clock.now_s()
    for item in items:
        moment = moment_of(item)
        first = first or moment
        if moment is not None and first is not None:
            due_s = began_s + (moment - first).total_seconds() / speed
            own_clock.sleep(max(0.0, due_s - own_clock.now_s()))
        yield [item]
