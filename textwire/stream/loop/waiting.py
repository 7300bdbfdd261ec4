"""Records that wait for their batch, partition by partition."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

from textwire.stream.loop.batch import BatchBudget, estimated_tokens
from textwire.wire.record import Partition, Record

Arrived = tuple[int, Record]


class WaitingRecords:
    """Queues that take turns, so that a burst on one partition does not keep the others waiting.

    As long as all that waits fits into one batch, records come out in the order they arrived in.
    """

    def __init__(self) -> None:
        self._queues: dict[Partition, deque[Arrived]] = {}
        self._arrivals = 0
        self._tokens = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def tokens(self) -> int:
        """Of all of them, as estimated."""
        return self._tokens

    def add(self, records: Iterable[Record]) -> None:
        """Put records behind those of their partitions."""
        for record in records:
            queue = self._queues.setdefault(record.partition, deque())
            queue.append((self._arrivals, record))
            self._arrivals += 1
            self._tokens += estimated_tokens(record)
            self._count += 1

    def by_partition(self) -> Counter[Partition]:
        """How many of each wait."""
        return Counter({partition: len(queue) for partition, queue in self._queues.items()})

    def cut(self, budget: BatchBudget) -> list[Record]:
        """Take the next batch: one record of each partition in turn, who waits longest first.

        A partition whose next record has no room any more waits with it for a later batch, while
        the others go on: one large record must not make batches of one of all that is older.
        """
        taken: list[Arrived] = []
        tokens = 0
        turns = deque(sorted(self._queues.values(), key=lambda queue: queue[0][0]))
        while turns:
            queue = turns.popleft()
            if queue and budget.fits(queue[0][1], len(taken), tokens):
                taken.append(queue.popleft())
                tokens += estimated_tokens(taken[-1][1])
                turns.append(queue)
        self._queues = {partition: queue for partition, queue in self._queues.items() if queue}
        self._count -= len(taken)
        self._tokens -= tokens
        return [record for _, record in sorted(taken, key=lambda arrived: arrived[0])]

    def clear(self) -> None:
        """Forget all of them."""
        self._queues.clear()
        self._tokens = self._count = 0
