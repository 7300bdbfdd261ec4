"""Dead letters of a compacted topic's rows: one of each, though every replica reads every row.

A row is read by all replicas, and again at each of their starts. The letter itself is what they
remember it by: one that stands among the dead letters is not written again. Between the look and
the writing nobody else can write it, since all replicas write under one transactional id: whoever
begins shuts out those who began before, and what these had not committed never was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from time import monotonic

import structlog

from textwire.backoff import Backoff
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end
from textwire.stream.dead_letters.letters import (
    SERVICE,
    SOURCE_OFFSET,
    SOURCE_PARTITION,
    SOURCE_TOPIC,
    SOURCE_TOPIC_ID,
    dead_letter,
    noted_epoch,
)
from textwire.stream.kafka.publisher import TransactionalPublisher
from textwire.stream.processor import Rejected
from textwire.wire.record import OutgoingRecord, Record
from textwire.wire.topic import Topic

# What tells one letter from another, beside the epoch: a topic that is made anew counts its offsets
# anew, and so does a log that was cut off.
ORIGIN = (SERVICE, SOURCE_TOPIC, SOURCE_TOPIC_ID, SOURCE_PARTITION, SOURCE_OFFSET)
# With more of them nothing further is read until they are written: memory stays bounded.
MOST_WAITING = 200
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0

NOT_KNOWN = -1

Origin = tuple[bytes | None, ...]

log = structlog.get_logger()


class RowLetters:
    """Collects the letters of one topic's rows, and writes those that nobody has written."""

    def __init__(
        self,
        topic: Topic,
        service: str,
        metrics: ServiceMetrics,
        clock: Callable[[], datetime],
        settings: KafkaSettings | None = None,
    ) -> None:
        """Nothing is connected yet."""
        self._topic = topic
        self._service = service
        self._metrics = metrics
        self._clock = clock
        self._settings = settings
        self._waiting: dict[tuple[Origin, int], OutgoingRecord] = {}
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._not_before_s = 0.0

    def collect(self, rejected: Sequence[Rejected], topic_id: str) -> None:
        """Keep the letters of these rows until they are written."""
        for one in rejected:
            letter = dead_letter(one.record, one.error, self._service, self._clock())
            headers = {**letter.headers, SOURCE_TOPIC_ID: topic_id.encode()}
            letter = replace(letter, headers=headers)
            self._waiting[_origin(letter), noted_epoch(letter)] = letter

    def forget(self) -> None:
        """Let go of what waits: the topic that it came from is there no more."""
        self._settled()

    def keep_few(self) -> None:
        """Write what waits if it is too much to be kept.

        Raises: as `write` does.
        """
        if len(self._waiting) > MOST_WAITING:
            self.write()

    def write_when_due(self) -> None:
        """Write what waits; where that fails, some time later. Rows are read on meanwhile."""
        if not self._waiting or monotonic() < self._not_before_s:
            return
        try:
            self.write()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told and tried again
            self._not_before_s = monotonic() + self._backoff.failed()
            self._tell(error)

    def write(self) -> None:
        """Write what waits and was not written before, all or nothing.

        Raises: BrokerUnavailable: also where another replica is at it.
                UnknownTopic: there is no topic for dead letters.
        """
        if self._unwritten():  # after most starts all are there, and nobody need be shut out
            written = self._write_alone()
            self._metrics.published(written, dead=written)
        self._settled()

    def _write_alone(self) -> int:
        """Shut the other replicas out, look again, write what is still lacking: so many."""
        publisher = TransactionalPublisher(f"{self._service}.{self._topic.dead}", self._settings)
        try:
            publisher.start()
            unwritten = self._unwritten()
            if unwritten:
                publisher.publish(unwritten, {}, proof=None)
        finally:
            publisher.close(timeout_s=1)
        return len(unwritten)

    def _settled(self) -> None:
        self._waiting.clear()
        self._backoff.succeeded()
        self._metrics.health.met(self._topic.dead)

    def _unwritten(self) -> list[OutgoingRecord]:
        written: defaultdict[Origin, set[int]] = defaultdict(set)
        for letter in read_to_end(self._topic.dead, self._settings):
            written[_origin(letter)].add(noted_epoch(letter))
        return [
            letter
            for (origin, epoch), letter in self._waiting.items()
            if not _is_among(epoch, written[origin])
        ]

    def _tell(self, error: Exception) -> None:
        count = len(self._waiting)
        log.warning("dead letters wait", topic=self._topic.dead, count=count, reason=str(error))
        # Once may be another replica that writes the same ones.
        if self._backoff.failures > 1:
            reason = f"cannot be written, {count:,} waiting: {error}"
            self._metrics.health.unmet(self._topic.dead, reason)


def _origin(letter: OutgoingRecord | Record) -> Origin:
    return tuple(letter.headers.get(name) for name in ORIGIN)


def _is_among(epoch: int, written: set[int]) -> bool:
    """Whether a letter of an epoch is written; where one is not known, the offsets have told."""
    return bool(written & {epoch, NOT_KNOWN}) or (epoch == NOT_KNOWN and bool(written))
