"""What a batch led to is stored once, and remembered until it is committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from time import monotonic

from textwire.errors import FenceTaken, RedisUnavailable
from textwire.results.store import ResultStore
from textwire.results.writes import Fence, Owner
from textwire.stream.assignment import Assignment
from textwire.stream.loop.outbox import Outbox
from textwire.stream.loop.outcome import Outcome, writing_by_partition
from textwire.stream.processor import Received, Rejected
from textwire.stream.retrying import WatchedRetrying
from textwire.wire.record import LogPlace, OutgoingRecord, Partition

Decoded = Received | Rejected


class Storing:
    """Stores outcomes behind the fence of their partition, which is claimed for each assignment.

    How far a partition was stored is learnt with the claim: from then on nobody but us moves its
    fence, and what we read of the store stays as it is until we write it ourselves.
    """

    def __init__(
        self,
        service: str,
        results: ResultStore,
        until_recalled: WatchedRetrying,
        until_stored: WatchedRetrying,
        patience_s: float,
    ) -> None:
        """`patience_s`: who holds an assignment for so long is in the group, whatever others claim.

        (The numbers of generations begin anew where a group was forgotten by the broker.)
        """
        self._service = service
        self._results = results
        self._outbox = Outbox(results)
        self._until_recalled = until_recalled
        self._until_stored = until_stored
        self._patience_s = patience_s
        self._assignment: Assignment | None = None
        self._assigned_at = 0.0
        self._stored: dict[Partition, LogPlace | None] = {}  # the last place; None: none yet
        self._first: dict[Partition, LogPlace] = {}  # of the batch in hand: all before is committed

    def recall(
        self, assignment: Assignment, decoded: Sequence[Decoded]
    ) -> tuple[list[Outcome], list[Decoded]]:
        """The outcomes of what an earlier life stored, and what of a batch is to be processed."""
        if assignment is not self._assignment:
            self._assignment, self._assigned_at, self._stored = assignment, monotonic(), {}
        read: defaultdict[Partition, list[LogPlace]] = defaultdict(list)
        for one in decoded:
            read[one.record.partition].append(one.record.place)
        self._first = {partition: min(places) for partition, places in read.items()}
        sent = {
            partition: self._until_recalled(partial(self._recall, assignment, partition, places))
            for partition, places in read.items()
        }
        recalled: list[Outcome] = []
        fresh: list[Decoded] = []
        for one in decoded:
            outgoing = sent[one.record.partition].get(one.record.place)
            if outgoing is None:
                fresh.append(one)
            else:
                recalled.append(Outcome(one.record, outgoing))
        return recalled, fresh

    def store(self, assignment: Assignment, outcomes: Sequence[Outcome]) -> None:
        """Store what outcomes write, and what they publish until it is committed.

        Raises: FenceTaken: a partition is another replica's.
        """
        owner = Owner(assignment.generation, assignment.name)
        for partition, writing in writing_by_partition(outcomes).items():
            fence = self._fence(assignment, partition)
            writes = self._outbox.with_messages(fence, writing, keep_from=self._first[partition])
            self._until_stored(partial(self._results.apply, fence, writes, owner))
            self._stored[partition] = writing[-1].record.place

    def _recall(
        self, assignment: Assignment, partition: Partition, places: Sequence[LogPlace]
    ) -> dict[LogPlace, tuple[OutgoingRecord, ...]]:
        fence = self._fence(assignment, partition)
        if partition not in self._stored:
            self._stored[partition] = self._claim(fence, assignment)
        stored = self._stored[partition]
        if stored is None or all(place.follows(stored) for place in places):
            return {}
        return self._outbox.read(fence, places)

    def _claim(self, fence: Fence, assignment: Assignment) -> LogPlace | None:
        owner = Owner(assignment.generation, assignment.name)
        is_held_long = monotonic() - self._assigned_at > self._patience_s
        try:
            return self._results.claim(fence, owner, from_anyone=is_held_long)
        except FenceTaken as error:
            # This assignment is about to end; or else, after a while, it is the one to believe.
            raise RedisUnavailable(str(error)) from error

    def _fence(self, assignment: Assignment, partition: Partition) -> Fence:
        topic, number = partition
        return Fence(self._service, topic, number, assignment.topic_ids[topic])
