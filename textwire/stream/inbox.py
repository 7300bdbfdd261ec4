"""Where records wait between the thread that polls and the thread that works.

The polling thread puts, the working thread takes a batch at a time. What waits is bounded: the
poller pauses each partition that has `full` records here, and resumes it when half are gone.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from threading import Condition
from time import monotonic

from textwire.stream.batch import BatchBudget
from textwire.stream.records import Partition, Record


class Inbox:
    """Records in the order they came, handed out in batches, forgotten with their partition."""

    def __init__(self, budget: BatchBudget, linger_s: float, full: int) -> None:
        self._budget = budget
        self._linger_s = linger_s
        self._full = full
        self._records: deque[Record] = deque()
        self._next_offset: dict[Partition, int] = {}
        self._in_hand: frozenset[Partition] = frozenset()
        self._lost_in_hand: set[Partition] = set()
        self._releases: list[tuple[frozenset[Partition], Callable[[], None]]] = []
        self._closed = False
        self._changed = Condition()

    def put(self, records: Iterable[Record]) -> None:
        """Add records; one that was put before (its partition went and came back) is left out."""
        with self._changed:
            for record in records:
                if record.offset >= self._next_offset.get(record.partition, 0):
                    self._next_offset[record.partition] = record.offset + 1
                    self._records.append(record)
            self._changed.notify_all()

    def take(self) -> list[Record]:
        """The next batch, once there is one; empty when the inbox was closed.

        The batch before counts as done from here on.
        """
        with self._changed:
            self._finish_batch()
            batch = self._next_batch()
            self._in_hand = frozenset(record.partition for record in batch)
            return batch

    def release(self, partitions: Iterable[Partition], done: Callable[[], None]) -> None:
        """Forget what waits of these partitions; call `done` when no batch in hand holds them."""
        with self._changed:
            released = frozenset(partitions)
            self._forget(released)
            if released & self._in_hand:
                self._releases.append((released, done))
                return
        done()

    def lose(self, partitions: Iterable[Partition]) -> None:
        """Others own these partitions now: what is in hand of them is not ours to publish."""
        with self._changed:
            lost = frozenset(partitions)
            self._forget(lost)
            self._lost_in_hand |= lost & self._in_hand

    def has_lost(self, partition: Partition) -> bool:
        """Whether the partition was lost while the batch in hand was being worked on."""
        with self._changed:
            return partition in self._lost_in_hand

    def has_lost_all(self) -> bool:
        """Whether nothing of the batch in hand is ours any more."""
        with self._changed:
            return bool(self._in_hand) and self._in_hand <= self._lost_in_hand

    def full_partitions(self) -> set[Partition]:
        """Partitions that must be paused."""
        return {partition for partition, count in self.waiting().items() if count >= self._full}

    def drained_partitions(self, paused: Iterable[Partition]) -> set[Partition]:
        """Of the paused partitions, those that may be resumed."""
        waiting = self.waiting()
        return {partition for partition in paused if waiting[partition] <= self._full // 2}

    def waiting(self) -> Counter[Partition]:
        """How many records of each partition wait."""
        with self._changed:
            return Counter(record.partition for record in self._records)

    def close(self) -> None:
        """Hand out nothing more; what waits was never begun and stays uncommitted."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next_batch(self) -> list[Record]:
        while not self._closed:
            self._changed.wait_for(lambda: self._records or self._closed)
            self._linger()
            # What waited may have gone with its partition meanwhile; then there is no batch yet.
            if self._records and not self._closed:
                return self._budget.cut(self._records)
        return []

    def _linger(self) -> None:
        until = monotonic() + self._linger_s
        while not self._closed and not self._budget.is_full(self._records):
            left_s = until - monotonic()
            if left_s <= 0 or not self._records:
                return
            self._changed.wait(left_s)

    def _finish_batch(self) -> None:
        self._in_hand = frozenset()
        self._lost_in_hand.clear()
        releases, self._releases = self._releases, []
        for _, done in releases:
            done()

    def _forget(self, partitions: frozenset[Partition]) -> None:
        self._records = deque(r for r in self._records if r.partition not in partitions)
        for partition in partitions:
            self._next_offset.pop(partition, None)
