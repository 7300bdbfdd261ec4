"""Records that an operator wants passed over: the way past one that kills or hangs its service.

What a service can refuse by itself needs no operator. But a record on which the process dies is
read again after each restart. The order stands in the result store, so that a service sees it
before it begins with its first batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from time import monotonic

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_table
from textwire.results.store import ResultStore
from textwire.results.writes import SetField, Write
from textwire.wire.record import Partition, Record

# How soon a running service hears of an order.
LOOK_EVERY_S = 1.0
# By then the record is past, or its topic has let go of it.
KEPT_FOR_S = 30 * 24 * 60 * 60


class SkipOrder(msgspec.Struct, frozen=True):
    """Who wants it, since when, and why."""

    at: datetime
    reason: str = ""


class Skips:
    """The orders for some topics, looked up every so often."""

    def __init__(
        self,
        store: ResultStore,
        topics: Iterable[str],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._topics = tuple(topics)
        self._clock = clock
        self._places: frozenset[tuple[Partition, int]] = frozenset()
        self._due_at = float("-inf")

    def __contains__(self, record: Record) -> bool:
        return (record.partition, record.offset) in self._places

    def look(self) -> None:
        """Look at the orders, unless that was done a moment ago.

        Raises: RedisUnavailable.
        """
        if self._clock() < self._due_at:
            return
        orders = [place for topic in self._topics for place in read_skips(self._store, topic)]
        self._places = frozenset(orders)
        self._due_at = self._clock() + LOOK_EVERY_S


def skip_writes(partition: Partition, offset: int, order: SkipOrder | None) -> list[Write]:
    """An order for one record; None takes it back."""
    value = None if order is None else msgspec.json.encode(order)
    place = f"{partition.number}/{offset}"
    return [SetField(skips_key(partition.topic), place, value, ttl_s=KEPT_FOR_S)]


def read_skips(store: ResultStore, topic: str) -> dict[tuple[Partition, int], SkipOrder]:
    """The orders for a topic, by place."""
    orders = read_table(store, skips_key(topic), SkipOrder)
    return {_place(topic, place): order for place, order in orders.items() if _is_place(place)}


def skips_key(topic: str) -> str:
    """Where the orders for a topic stand."""
    return key("skips", topic)


def _place(topic: str, place: str) -> tuple[Partition, int]:
    number, offset = place.split("/")
    return Partition(topic, int(number)), int(offset)


def _is_place(place: str) -> bool:
    number, _, offset = place.partition("/")
    return number.isdecimal() and offset.isdecimal()
