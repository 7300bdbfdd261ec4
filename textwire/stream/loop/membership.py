"""The thread that keeps a replica's place in its group, and begins what the group gives it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import structlog

from textwire.errors import BrokerUnavailable, ReplicaTaken, Unavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment, Position
from textwire.stream.loop.inbox import Done, Inbox
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import GroupMember, PartitionReader
from textwire.wire.record import Partition

# How soon a rebalance, or what was assigned in one, is attended to.
POLL_TIMEOUT_S = 0.05
# How often it is looked whether the process that took our place has gone.
TAKEN_LOOK_EVERY_S = 2.0

log = structlog.get_logger()


@dataclass
class _Given:
    """What the group gave, and how far it has been begun.

    topic_ids  as they were when it was begun; None before.
    starts     of the partitions whose beginning is known.
    in_vain    how often it was asked of the others.
    """

    generation: int
    proof: Any
    partitions: frozenset[Partition]
    assignment: Assignment | None = None
    starts: dict[Partition, Position | None] = field(default_factory=dict)
    in_vain: Counter[Partition] = field(default_factory=Counter)

    def not_begun(self) -> list[Partition]:
        """Who was asked for least comes first: one of which nothing is known holds up no other."""
        left = self.partitions - self.starts.keys()
        return sorted(left, key=lambda partition: (self.in_vain[partition], partition))

    @property
    def is_begun(self) -> bool:
        return self.assignment is not None and self.starts.keys() == self.partitions


class Membership:
    """Polls the group; tells the inbox and the reader what is ours.

    An assignment begins where the group has committed. That may be known of some partitions later
    than of others: where a replica died in a transaction, the broker tells once it has timed out.
    """

    def __init__(
        self,
        group: str,
        member: GroupMember,
        reader: PartitionReader,
        inbox: Inbox,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        stop: Event,
    ) -> None:
        self._group = group
        self._member = member
        self._reader = reader
        self._inbox = inbox
        self._metrics = metrics
        self._stop = stop
        self._pulse = metrics.liveness.pulse(f"membership of {group}", settings.hung_after_s)
        self._patiently = WatchedRetrying("group", self._sleep, settings, metrics, group)
        self._given: _Given | None = None
        self._out_of_date: Assignment | None = None

    def run(self) -> None:
        """Join the group and keep the place until stopped."""
        try:
            self._patiently(lambda: self._member.start(self))
            while not self._stop.is_set():
                self._pulse.busy("one poll")
                self._patiently(self._keep_the_place)
                self._begin_what_is_given()
        except Stopped:
            return
        finally:
            self._pulse.ended()

    def renew(self, assignment: Assignment) -> None:
        """Read anew, from where the group has committed, what this assignment has. Any thread.

        Nothing more is handed out under it, from now on.
        """
        self._out_of_date = assignment
        self._inbox.end(assignment)

    def assigned(self, generation: int, proof: Any, partitions: frozenset[Partition]) -> None:
        """What the group gives; it is begun once the poll that brought it is over."""
        self._given = _Given(generation, proof, partitions)

    def release(self, done: Done) -> None:
        """What the group will take, once the batch in hand is done."""
        self._given = None
        self._inbox.release(done)

    def lose(self) -> None:
        """What the group has taken."""
        self._given = None
        self._inbox.end()
        self._reader.read(None, {})

    def _keep_the_place(self) -> None:
        try:
            self._member.poll(POLL_TIMEOUT_S)
        except ReplicaTaken as error:
            self._stand_by(error)

    def _stand_by(self, taken: ReplicaTaken) -> None:
        """Leave the place to the process that took it, until that has gone.

        To take it back at once would make the two take it from each other for ever.
        """
        log.error("replica taken", group=self._group, reason=str(taken))
        self._metrics.health.unmet("replica", str(taken), self._group)
        self._sleep(TAKEN_LOOK_EVERY_S)
        while self._patiently(self._member.is_taken):
            self._sleep(TAKEN_LOOK_EVERY_S)
        self._metrics.health.met("replica", self._group)

    def _begin_what_is_given(self) -> None:
        given = self._given
        if given is None:
            return
        if given.assignment is not None and given.assignment is self._out_of_date:
            log.info("assignment begun anew", group=self._group)
            given.assignment, given.starts = None, {}
        if given.is_begun:
            return
        try:
            self._begin(given)
            self._metrics.health.met("assignment", self._group)
        except Unavailable as error:  # the next turn tries again, and polls before
            self._metrics.health.unmet("assignment", str(error), self._group)

    def _begin(self, given: _Given) -> None:
        """Begin those partitions whose place is known.

        Raises: Unavailable: of one it is not known yet.
        """
        if given.assignment is None:
            ids = self._ids_of_topics(given.partitions)
            given.assignment = Assignment(given.generation, given.proof, given.partitions, ids)
            self._inbox.begin(given.assignment)
        try:
            for partition in given.not_begun():
                given.in_vain[partition] += 1
                committed = self._member.committed(partition)
                given.starts[partition] = given.assignment.start(partition, committed)
        finally:
            self._reader.read(given.assignment, given.starts)

    def _ids_of_topics(self, partitions: frozenset[Partition]) -> dict[str, str]:
        ids = self._member.topic_ids()
        gone = {partition.topic for partition in partitions} - ids.keys()
        if gone:
            raise BrokerUnavailable(
                f"The topic {', '.join(sorted(gone))} is not there any more. Reading goes on once "
                "it is: `textwire topics create` makes it."
            )
        return ids

    def _sleep(self, seconds: float) -> None:
        self._pulse.busy("one more try")
        if self._stop.wait(seconds):
            raise Stopped
