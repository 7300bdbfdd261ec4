"""What a batch led to is published once, and the batch committed with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import structlog

from textwire.errors import BrokerUnavailable
from textwire.stream.assignment import Assignment, Position
from textwire.stream.dead_letters.letters import REASON
from textwire.stream.loop.outcome import Outcome, last_places, smaller_outcome
from textwire.stream.processor import Rejected, Result
from textwire.stream.publisher import Publisher, RecordNotTaken
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import GroupMember
from textwire.wire.record import Partition

BEGINNING = Position(0, "")

log = structlog.get_logger()


class Delivery:
    """Publishes outcomes as long as their assignment is ours.

    Where an answer of the broker was lost, it is not known whether the outcomes were published. The
    group knows: what it has committed was published with it, and the rest was not.
    """

    def __init__(
        self,
        service: str,
        publisher: Publisher,
        member: GroupMember,
        holds: Callable[[Assignment], bool],
        until_published: WatchedRetrying,
        told: Callable[[Rejected], Result],
        clock: Callable[[], datetime],
    ) -> None:
        """`told` is what is said to whoever asked for what cannot be published."""
        self._service = service
        self._publisher = publisher
        self._member = member
        self._holds = holds
        self._until_published = until_published
        self._told = told
        self._clock = clock
        self._is_known = True  # how the last try ended
        self._may_be_open = False  # the transaction of the last try

    def start(self) -> None:
        """Get ready; waits until the broker is there."""
        self._until_published(self._publisher.start)

    def settle(self) -> None:
        """End what a try may have left open, though nothing of it is published any more.

        Until then nobody is told where the group goes on, so that nothing is read of those
        partitions. The broker ends it too, once it has timed out; but where brokers died meanwhile,
        one was seen to stand for seven minutes, until the end.

        Raises: Stopped.
        """
        if self._may_be_open:
            self._until_published(self._publisher.start)
            self._may_be_open = False

    def deliver(self, assignment: Assignment, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Publish and commit; what was published, in place of what was too large for its topic.

        Raises: Stopped: the assignment is not ours any more.
        """
        waiting = list(outcomes)
        self._is_known = True
        while True:
            try:
                self._until_published(partial(self._publish, assignment, waiting))
            except RecordNotTaken as error:
                waiting = [self._fitting(outcome, error) for outcome in waiting]
            else:
                return waiting

    def _publish(self, assignment: Assignment, outcomes: Sequence[Outcome]) -> None:
        if not self._holds(assignment):
            raise Stopped
        left = outcomes if self._is_known else self._not_committed(assignment, outcomes)
        if not left:
            return
        done = last_places([outcome.record for outcome in left])
        positions = {
            partition: assignment.position(partition, place) for partition, place in done.items()
        }
        outgoing = [record for outcome in left for record in outcome.outgoing]
        self._may_be_open = True
        try:
            self._publisher.publish(outgoing, positions, assignment.proof)
        except BrokerUnavailable:
            self._is_known = False
            raise
        self._may_be_open = False

    def _not_committed(self, assignment: Assignment, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Those that no try has published, as the group says once the last one has ended."""
        self._publisher.start()
        places = {outcome.record.partition for outcome in outcomes}
        goes_on = {place: self._goes_on(assignment, place) for place in places}
        return [o for o in outcomes if not goes_on[o.record.partition].is_behind(o.record.place)]

    def _goes_on(self, assignment: Assignment, partition: Partition) -> Position:
        return assignment.start(partition, self._member.committed(partition)) or BEGINNING

    def _fitting(self, outcome: Outcome, not_taken: RecordNotTaken) -> Outcome:
        if not any(record is not_taken.record for record in outcome.outgoing):
            return outcome
        told = self._told(Rejected(outcome.record, not_taken))
        smaller = smaller_outcome(
            outcome, not_taken.record, not_taken, told, self._service, self._clock()
        )
        log.error(
            "too large to be published" if _has_letter(smaller) else "dead letter lost",
            record=outcome.record.id,
            reason=str(not_taken),
        )
        return smaller


def _has_letter(outcome: Outcome) -> bool:
    return any(REASON in record.headers for record in outcome.outgoing)
