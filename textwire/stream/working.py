"""The working thread: takes a batch and sees it through, from bytes to commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from threading import Event

import structlog

from textwire.errors import RecordRejected
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.results.writes import Fence
from textwire.settings import StreamSettings
from textwire.stream.bisection import bisect
from textwire.stream.decoding import Decoder
from textwire.stream.headers import trace_id
from textwire.stream.inbox import Inbox
from textwire.stream.outbox import Outbox
from textwire.stream.outcome import (
    Outcome,
    dead_outcome,
    next_offsets,
    outcome_of,
    writing_by_partition,
)
from textwire.stream.processor import Processor, Received
from textwire.stream.publisher import Publisher
from textwire.stream.records import Partition, Record
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.stream.source import RecordSource

log = structlog.get_logger()


class Worker:
    """Works on one batch at a time, for as long as it takes."""

    def __init__(
        self,
        processor: Processor,
        inbox: Inbox,
        source: RecordSource,
        publisher: Publisher,
        results: ResultStore,
        settings: StreamSettings,
        metrics: ServiceMetrics,
        stop: Event,
        clock: Callable[[], datetime],
    ) -> None:
        """Of `source`, only what any thread may ask is asked."""
        self._processor = processor
        self._inbox = inbox
        self._source = source
        self._publisher = publisher
        self._results = results
        self._outbox = Outbox(results, settings.max_batch_records)
        self._metrics = metrics
        self._stages = metrics.stages
        self._stop = stop
        self._clock = clock
        self._log_text = settings.log_text
        self._pulse = metrics.liveness.pulse(f"worker of {processor.name}", settings.hung_after_s)
        self._decoder = Decoder(processor.inputs, settings.max_record_bytes)
        patiently = partial(
            WatchedRetrying,
            sleep=self._sleep,
            settings=settings,
            metrics=metrics,
            of=processor.name,
        )
        self._until_processed = patiently("process")
        self._until_recalled = patiently("recall")
        self._until_stored = patiently("store")
        self._until_published = patiently("publish")

    def run(self) -> None:
        """Work until the inbox is closed."""
        try:
            self._until_published(self._publisher.start)
            while records := self._take():
                self._work(records)
        except Stopped:
            return
        finally:
            self._pulse.ended()

    def _take(self) -> list[Record]:
        self._pulse.idle()
        records = self._inbox.take()
        self._pulse.busy("one batch")
        return records

    def _work(self, records: Sequence[Record]) -> None:
        """See one batch through.

        1. decode: what cannot be decoded becomes a dead letter.
        2. recall: what was stored before a crash is not processed again, only published.
        3. process: a message on which the processor fails becomes a dead letter too.
        4. store, behind the fence: doing it again changes nothing.
        5. publish and commit, as far as the partitions are still ours.
        """
        self._metrics.took(len(records))
        self._time_since_written("queue", records)
        received, rejected = self._decode(records)
        try:
            fresh, stored = self._recall(received)
            outcomes = rejected + stored + self._process(fresh)
            self._store(outcomes)
            self._publish(outcomes)
        except Stopped:
            log.info("batch left", records=len(records), because=self._why_left())

    def _decode(self, records: Sequence[Record]) -> tuple[list[Received], list[Outcome]]:
        received: list[Received] = []
        rejected: list[Outcome] = []
        with self._stages.timed("decode"):
            for record in records:
                try:
                    received.append(self._decoder.decode(record))
                except RecordRejected as error:
                    rejected.append(self._dead(record, error))
        return received, rejected

    def _recall(self, received: Sequence[Received]) -> tuple[list[Received], list[Outcome]]:
        """Those that are to be processed, and the outcomes of those that were before."""
        offsets: defaultdict[Partition, list[int]] = defaultdict(list)
        for one in received:
            offsets[one.record.partition].append(one.record.offset)
        sent = {
            partition: self._until_recalled(
                partial(self._outbox.read, self._fence(partition), numbers)
            )
            for partition, numbers in offsets.items()
        }
        fresh: list[Received] = []
        stored: list[Outcome] = []
        for one in received:
            outgoing = sent[one.record.partition].get(one.record.offset)
            if outgoing is None:
                fresh.append(one)
            else:
                stored.append(Outcome(one.record, outgoing))
        return fresh, stored

    def _process(self, received: Sequence[Received]) -> list[Outcome]:
        """Outcomes of a batch; what fails is set aside.

        The rest is then processed anew as one batch, since its messages may bear on one another.
        """
        dead: list[Outcome] = []
        with self._stages.timed("process"):
            while True:
                made = self._until_processed(partial(bisect, self._outcomes, received))
                failed = [isinstance(one, Exception) for one in made]
                if not any(failed):
                    return dead + [one for one in made if isinstance(one, Outcome)]
                dead += [
                    self._dead(one.record, error)
                    for one, error in zip(received, made, strict=True)
                    if isinstance(error, Exception)
                ]
                received = [
                    one for one, at_fault in zip(received, failed, strict=True) if not at_fault
                ]

    def _outcomes(self, received: Sequence[Received]) -> list[Outcome]:
        results = self._processor.process(received)
        at = self._clock()
        return [
            outcome_of(one, result, self._processor.name, at)
            for one, result in zip(received, results, strict=True)
        ]

    def _store(self, outcomes: Sequence[Outcome]) -> None:
        with self._stages.timed("store"):
            for partition, writing in writing_by_partition(outcomes).items():
                fence = self._fence(partition)
                writes = self._outbox.with_messages(fence, writing)
                self._until_stored(partial(self._results.apply, fence, writes))

    def _publish(self, outcomes: Sequence[Outcome]) -> None:
        with self._stages.timed("publish"):
            published = self._until_published(partial(self._publish_what_is_ours, outcomes))
        self._time_since_written("total", [outcome.record for outcome in published])
        self._metrics.published(len(published), sum(outcome.is_dead for outcome in published))
        self._metrics.committed(self._processor.name, len(published))

    def _publish_what_is_ours(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        # First the proof of membership, then the question what is ours. If a partition goes after
        # the question, the proof is out of date and the broker refuses it.
        membership = self._source.membership()
        owned = {p for p in self._source.owned() if not self._inbox.has_lost(p)}
        ours = [outcome for outcome in outcomes if outcome.record.partition in owned]
        if not ours:
            raise Stopped
        outgoing = [record for outcome in ours for record in outcome.outgoing]
        offsets = next_offsets([outcome.record for outcome in ours])
        self._publisher.publish(outgoing, offsets, membership)
        return ours

    def _fence(self, partition: Partition) -> Fence:
        topic_id = self._source.topic_id(partition.topic)
        return Fence(self._processor.name, partition.topic, partition.number, topic_id)

    def _dead(self, record: Record, error: Exception) -> Outcome:
        # The reason may quote the customer: it always stands in the dead letter's headers.
        quoted = {"reason": str(error), "value": repr(record.value)} if self._log_text else {}
        log.warning(
            "dead letter",
            record=record.id,
            error=type(error).__name__,
            trace=trace_id(record.headers),
            **quoted,
        )
        return dead_outcome(record, error, self._processor.name, self._clock())

    def _time_since_written(self, stage: str, records: Sequence[Record]) -> None:
        now_ms = self._clock().timestamp() * 1000
        for record in records:
            self._stages.add(stage, (now_ms - record.timestamp_ms) / 1000)

    def _sleep(self, seconds: float) -> None:
        self._pulse.busy("one more try")
        if self._stop.wait(seconds) or self._inbox.has_lost_all():
            raise Stopped

    def _why_left(self) -> str:
        return "stopping" if self._stop.is_set() else "its partitions went to another replica"
