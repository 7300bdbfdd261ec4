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
from textwire.wire.whole_numbers import whole_number

# How soon a running service hears of an order.
LOOK_EVERY_S = 1.0
# By then the record is past, or its topic has let go of it.
KEPT_FOR_S = 30 * 24 * 60 * 60


class SkipOrder(msgspec.Struct, frozen=True):
    """Who wants it, since when, and why; and of which record, should its offset come again.

    epoch, topic_id  as a record has them; -1 and empty: not known.
    """

    at: datetime
    reason: str = ""
    epoch: int = -1
    topic_id: str = ""

    def is_for(self, record: Record) -> bool:
        """Whether it is this record that it was given for, and not another at its offset."""
        return self.epoch in (-1, record.leader_epoch) and self.topic_id in ("", record.topic_id)


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
        self._orders: dict[tuple[Partition, int], SkipOrder] = {}
        self._due_at = float("-inf")

    def __contains__(self, record: Record) -> bool:
        order = self._orders.get((record.partition, record.offset))
        return order is not None and order.is_for(record)

    def look(self) -> None:
        """Look at the orders, unless that was done a moment ago.

        Raises: RedisUnavailable.
        """
        if self._clock() < self._due_at:
            return
        self._orders = {
            place: order
            for topic in self._topics
            for place, order in read_skips(self._store, topic).items()
        }
        self._due_at = self._clock() + LOOK_EVERY_S


def order_for(record: Record, at: datetime, reason: str) -> SkipOrder:
    """An order to pass over this record."""
    return SkipOrder(at, reason, record.leader_epoch, record.topic_id)


def skip_writes(partition: Partition, offset: int, order: SkipOrder | None) -> list[Write]:
    """An order for one record; None takes it back."""
    value = None if order is None else msgspec.json.encode(order)
    place = f"{partition.number}/{offset}"
    return [SetField(skips_key(partition.topic), place, value, ttl_s=KEPT_FOR_S)]


def read_skips(store: ResultStore, topic: str) -> dict[tuple[Partition, int], SkipOrder]:
    """The orders for a topic, by place."""
    orders = read_table(store, skips_key(topic), SkipOrder)
    by_place = ((_place(topic, place), order) for place, order in orders.items())
    return {place: order for place, order in by_place if place is not None}


def skips_key(topic: str) -> str:
    """Where the orders for a topic stand."""
    return key("skips", topic)


def _place(topic: str, place: str) -> tuple[Partition, int] | None:
    """What a field names; None where it names no place."""
    number, offset = map(whole_number, place.partition("/")[::2])
    return None if number is None or offset is None else (Partition(topic, number), offset)
