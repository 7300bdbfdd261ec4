"""Where records wait between the thread that reads and the thread that works.

It holds what is ours: the assignment of the group's present generation. Records come and go under
their assignment; those of another are of no use any more, whoever still brings or holds them.

    begin ──▶ ours: records are taken in and handed out
                │ release: nothing more is handed out, the batch in hand may be finished
                ▼
              end: nothing is ours; what is in hand is neither stored nor published
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from threading import Condition
from time import monotonic

from textwire.stream.assignment import Assignment
from textwire.stream.loop.batch import Batch, BatchBudget
from textwire.stream.loop.waiting import WaitingRecords
from textwire.wire.record import Partition, Record

Done = Callable[[], None]


class Inbox:
    """Records in the order they came, handed out in batches, forgotten with their assignment."""

    def __init__(self, budget: BatchBudget, linger_s: float, full: int) -> None:
        """`full`: so many records of one partition wait at most, and then no more are read."""
        self._budget = budget
        self._linger_s = linger_s
        self._full = full
        self._waiting = WaitingRecords()
        self._assignment: Assignment | None = None
        self._handing_out = False
        self._in_hand: Batch | None = None
        self._when_done: list[Done] = []
        self._closed = False
        self._changed = Condition()

    def begin(self, assignment: Assignment) -> None:
        """These partitions are ours from now on, and no others."""
        with self._changed:
            self._waiting.clear()
            self._assignment = assignment
            self._handing_out = True

    def release(self, done: Done) -> None:
        """Hand out nothing more; call `done` when no batch is in hand."""
        with self._changed:
            self._waiting.clear()
            self._handing_out = False
            if self._in_hand is not None:
                self._when_done.append(done)
                return
        done()

    def end(self, assignment: Assignment | None = None) -> None:
        """Nothing is ours any more; or nothing of one assignment, should it be the one we have."""
        with self._changed:
            if assignment is not None and assignment is not self._assignment:
                return
            self._waiting.clear()
            self._assignment = None
            self._handing_out = False
            self._changed.notify_all()

    @property
    def assignment(self) -> Assignment | None:
        """What is ours."""
        return self._assignment

    def holds(self, assignment: Assignment) -> bool:
        """Whether it is still ours, so that what is in hand may be stored and published."""
        return self._assignment is assignment

    def put(self, assignment: Assignment | None, records: Iterable[Record]) -> None:
        """Add records that were read under an assignment; of another than ours none is kept."""
        with self._changed:
            if assignment is not None and assignment is self._assignment and self._handing_out:
                self._waiting.add(records)
                self._changed.notify_all()

    def wait_for_room(self, timeout_s: float) -> bool:
        """Whether more may be read: at once, or as soon as enough has been taken."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closed or self._fullest() < self._full, timeout_s
            )

    def take(self) -> Batch | None:
        """The next batch, once there is one; None when the inbox was closed.

        The batch before counts as done from here on.
        """
        with self._changed:
            self._finish_batch()
            self._in_hand = self._next_batch()
            return self._in_hand

    def unfinished(self) -> Counter[Partition]:
        """How many records of each partition wait or are in hand."""
        with self._changed:
            in_hand = self._in_hand.records if self._in_hand else ()
            return self._waiting.by_partition() + Counter(record.partition for record in in_hand)

    def close(self) -> None:
        """Hand out nothing more; what waits was never begun and stays uncommitted."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _fullest(self) -> int:
        return max(self._waiting.by_partition().values(), default=0)

    def _next_batch(self) -> Batch | None:
        while not self._closed:
            self._changed.wait_for(lambda: len(self._waiting) or self._closed)
            self._linger()
            # What waited may have gone with its assignment meanwhile: then there is no batch yet.
            if len(self._waiting) and self._assignment is not None and not self._closed:
                records = self._waiting.cut(self._budget)
                self._changed.notify_all()
                return Batch(self._assignment, records)
        return None

    def _linger(self) -> None:
        until = monotonic() + self._linger_s
        while not (self._closed or self._budget.is_full(len(self._waiting), self._waiting.tokens)):
            left_s = until - monotonic()
            if left_s <= 0 or not len(self._waiting):
                return
            self._changed.wait(left_s)

    def _finish_batch(self) -> None:
        self._in_hand = None
        when_done, self._when_done = self._when_done, []
        for done in when_done:
            done()
