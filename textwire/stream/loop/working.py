"""The working thread: takes a batch and sees it through, from bytes to commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from threading import Event

import structlog

from textwire.errors import FenceTaken, RecordRejected, RecordSkipped
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment
from textwire.stream.bisection import in_pieces
from textwire.stream.decoding import Decoder
from textwire.stream.headers import trace_id
from textwire.stream.loop.batch import Batch
from textwire.stream.loop.delivering import Delivery
from textwire.stream.loop.inbox import Inbox
from textwire.stream.loop.outcome import Outcome, dead_outcome, in_order, outcome_of
from textwire.stream.loop.skipping import Skips
from textwire.stream.loop.storing import Decoded, Storing
from textwire.stream.processor import Processor, Received, Refusing, Rejected, Result
from textwire.stream.publisher import Publisher
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import GroupMember
from textwire.wire.record import Record

log = structlog.get_logger()


class Worker:
    """Works on one batch at a time, for as long as it takes."""

    def __init__(
        self,
        processor: Processor,
        inbox: Inbox,
        member: GroupMember,
        renew: Callable[[Assignment], None],
        publisher: Publisher,
        results: ResultStore,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        stop: Event,
        clock: Callable[[], datetime],
    ) -> None:
        """`renew` begins an assignment anew, where the group has committed, if it is still ours."""
        self._processor = processor
        self._inbox = inbox
        self._member = member
        self._renew = renew
        self._metrics = metrics
        self._stages = metrics.stages
        self._stop = stop
        self._clock = clock
        self._log_text = settings.log_text
        self._assignment: Assignment | None = None
        self._pulse = metrics.liveness.pulse(f"worker of {processor.name}", settings.hung_after_s)
        self._decoder = Decoder(processor.inputs, settings.max_record_bytes)
        self._skips = Skips(results, [topic.name for topic in processor.inputs])
        patiently = partial(
            WatchedRetrying,
            sleep=self._sleep,
            settings=settings,
            metrics=metrics,
            of=processor.name,
        )
        self._storing = Storing(
            processor.name,
            results,
            patiently("recall"),
            patiently("store"),
            patience_s=2 * settings.session_timeout_ms / 1000,
        )
        self._delivery = Delivery(
            processor.name,
            publisher,
            member,
            inbox.holds,
            patiently("publish"),
            self._told,
            clock,
        )
        self._until_processed = patiently("process")
        self._until_confirmed = patiently("topics")
        self._until_looked = patiently("skips")

    def run(self) -> None:
        """Work until the inbox is closed."""
        try:
            self._delivery.start()
            while batch := self._take():
                self._work(batch)
        except Stopped:
            return
        finally:
            self._pulse.ended()

    def _take(self) -> Batch | None:
        self._pulse.idle()
        batch = self._inbox.take()
        self._pulse.busy("one batch")
        return batch

    def _work(self, batch: Batch) -> None:
        """See one batch through.

        1. decode: what cannot be decoded becomes a dead letter, and whoever asked is told.
        2. recall: what was stored before a crash is not processed again, only published.
        3. process: a message on which the processor fails becomes a dead letter too. What a piece
           of the batch led to is stored before the next is processed.
        4. store, behind the fence: doing it again changes nothing.
        5. publish and commit, as far as the assignment is still ours.
        """
        self._assignment = batch.assignment
        self._metrics.took(len(batch.records))
        self._time_since_written("queue", batch.records)
        try:
            self._require_same_topics(batch.assignment)
            decoded = self._decode(batch.of_known_topics())
            recalled, fresh = self._storing.recall(batch.assignment, decoded)
            outcomes = recalled + self._process_and_store(batch.assignment, fresh)
            with self._stages.timed("publish"):
                published = self._delivery.deliver(batch.assignment, in_order(outcomes))
        except Stopped:
            self._leave(batch)
            return
        self._time_since_written("total", [outcome.record for outcome in published])
        self._metrics.published(len(published), sum(outcome.is_dead for outcome in published))
        self._metrics.committed(self._processor.name, {o.record.partition for o in published})

    def _leave(self, batch: Batch) -> None:
        """What waits behind it is read anew, not taken as if what was left were done.

        (An outbox forgets what stands before the batch in hand, as committed.)
        """
        log.info("batch left", records=len(batch.records), because=self._why_left())
        self._renew(batch.assignment)
        self._assignment = None  # what is settled is nobody's
        self._delivery.settle()

    def _decode(self, records: Sequence[Record]) -> list[Decoded]:
        self._until_looked(self._skips.look)
        with self._stages.timed("decode"):
            return [self._decode_one(record) for record in records]

    def _decode_one(self, record: Record) -> Decoded:
        if record in self._skips:
            return Rejected(record, RecordSkipped("passed over, as an operator ordered"))
        try:
            return self._decoder.decode(record)
        except RecordRejected as error:
            return Rejected(record, error)

    def _process_and_store(self, assignment: Assignment, fresh: Sequence[Decoded]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for piece, made in in_pieces(self._outcomes, fresh):
            of_piece = [self._failed(piece[0], made)] if isinstance(made, Exception) else made
            self._store(assignment, of_piece)
            outcomes += of_piece
        return outcomes

    def _store(self, assignment: Assignment, outcomes: Sequence[Outcome]) -> None:
        if not self._inbox.holds(assignment):
            raise Stopped
        try:
            with self._stages.timed("store"):
                self._storing.store(assignment, outcomes)
        except FenceTaken as error:
            log.warning("fence taken", reason=str(error))
            raise Stopped from error

    def _outcomes(self, piece: Sequence[Decoded]) -> list[Outcome]:
        """Of a piece, in its order."""
        self._pulse.busy("one batch")  # each piece has its time: one by one, many take long
        received = [one for one in piece if isinstance(one, Received)]
        with self._stages.timed("process"):
            results = iter(self._until_processed(partial(self._results_of, received)))
        at = self._clock()
        return [
            self._dead(one)
            if isinstance(one, Rejected)
            else outcome_of(one, next(results), self._processor.name, at)
            for one in piece
        ]

    def _results_of(self, received: Sequence[Received]) -> list[Result]:
        results = self._processor.process(received) if received else []
        if len(results) != len(received):
            raise ValueError(f"{len(received)} messages went in and {len(results)} came out")
        return results

    def _failed(self, one: Decoded, error: Exception) -> Outcome:
        message = one.message if isinstance(one, Received) else None
        return self._dead(Rejected(one.record, error, message))

    def _dead(self, rejected: Rejected) -> Outcome:
        record, error = rejected.record, rejected.error
        # The reason may quote the customer: it always stands in the dead letter's headers.
        quoted = {"reason": str(error), "value": repr(record.value)} if self._log_text else {}
        log.warning(
            "dead letter",
            record=record.id,
            error=type(error).__name__,
            trace=trace_id(record.headers),
            **quoted,
        )
        return dead_outcome(rejected, self._told(rejected), self._processor.name, self._clock())

    def _told(self, rejected: Rejected) -> Result:
        """What is said to whoever asked."""
        if not isinstance(self._processor, Refusing):
            return Result()
        try:
            return self._processor.refuse(rejected)
        except Exception:
            # A mistake in what is said must not keep the record from becoming a dead letter.
            log.exception("refusal failed", record=rejected.record.id)
            return Result()

    def _require_same_topics(self, assignment: Assignment) -> None:
        """Go on only with records of the topics that the assignment began with.

        Their ids are asked for after the records were read: if they are the same now, the records
        are of those topics, and not of others of their names that were made since.

        Raises: Stopped: one is gone, or was made anew.
        """
        if self._until_confirmed(self._member.topic_ids) != assignment.topic_ids:
            log.warning("topic made anew", of=self._processor.name)
            raise Stopped

    def _time_since_written(self, stage: str, records: Sequence[Record]) -> None:
        now_ms = self._clock().timestamp() * 1000
        for record in records:
            self._stages.add(stage, (now_ms - record.timestamp_ms) / 1000)

    def _sleep(self, seconds: float) -> None:
        self._pulse.busy("one more try")
        lost = self._assignment is not None and not self._inbox.holds(self._assignment)
        if self._stop.wait(seconds) or lost:
            raise Stopped

    def _why_left(self) -> str:
        return "stopping" if self._stop.is_set() else "its partitions are not ours any more"
