"""Reads partitions of Kafka's log, each from where it is told to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import structlog
from kafka.errors import LogTruncationError, OffsetOutOfRangeError
from kafka.structs import OffsetAndMetadata, TopicPartition

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.assignment import Assignment, Position
from textwire.stream.kafka.connecting import connect_consumer, translated_errors
from textwire.stream.kafka.internals import seek, take_turns
from textwire.stream.kafka.offsets import as_position, begins_of, ends_of
from textwire.stream.source import Jump, Starts
from textwire.wire.record import Partition, Record

# How long one question to the broker may hold up reading; it answers within a few milliseconds.
BROKER_ANSWERS_WITHIN_MS = 2000
# Then the client is given up: after minutes of brokers that came and went it was seen to get no
# answer for half a minute more, where a new one got its own at once.
MOST_ASKED_IN_VAIN = 2
# Of one partition, in one answer. What is far behind comes in pieces no larger than this, so that
# the other partitions get their turn; a larger record comes alone.
FETCHED_AT_ONCE_BYTES = 64 * 1024
# So many turns of one partition fill its room: what is far behind has not filled it before the
# others had theirs. A turn of fewer than 16 records costs more than it brings: at 2 a turn, 40 us a
# record, at 8 a turn 12, at 64 a turn 5.
TURNS_THAT_FILL = 8
LEAST_A_TURN = 16
# The log is not what it was when the place was noted.
LOG_IS_ANOTHER = (LogTruncationError, OffsetOutOfRangeError)

log = structlog.get_logger()


@dataclass(frozen=True)
class _Order:
    """What is to be read. A new object is a new order."""

    assignment: Assignment | None = None
    starts: Starts = field(default_factory=dict)


class KafkaReader:
    """A consumer outside any group; it begins anew where it stood whenever its client fails.

    Where the log does not hold its place any more it goes on where that has been cut off, or where
    it begins now; never from the beginning of what it has read.
    """

    def __init__(self, stream: StreamSettings, kafka_settings: KafkaSettings | None = None) -> None:
        self._stream = stream
        self._kafka = kafka_settings
        self._order = _Order()
        self._ordered = Event()
        self._consumer: Any = None
        self._assignment: Assignment | None = None
        self._sought: set[Partition] = set()  # where the consumer has been told its place
        self._next: dict[Partition, Position] = {}  # what comes after that which was read
        self._jumps: list[Jump] = []
        self._asked_in_vain = 0  # in a row

    def read(self, assignment: Assignment | None, starts: Starts) -> None:
        """Read these from the next poll on."""
        self._order = _Order(assignment, dict(starts))
        self._ordered.set()

    def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
        """What has arrived."""
        order = self._order
        if not order.starts:
            self._ordered.wait(timeout_s)
            self._ordered.clear()
            return order.assignment, []
        try:
            with translated_errors("reading"):
                self._obey(order)
                polled = self._polled(timeout_s)
        except BrokerUnavailable:
            self.close(timeout_s=0)
            raise
        except Exception as error:
            # Whatever the client stumbles over: a new one goes on where this one stood.
            log.exception("reading failed")
            self.close(timeout_s=0)
            raise BrokerUnavailable(f"Reading failed, and begins anew: {error!r}") from error
        return order.assignment, self._taken([r for records in polled.values() for r in records])

    def unread(self) -> dict[Partition, int]:
        """Records of each partition of the order that were not polled yet; of others, nobody asks.

        What was sought for an earlier order stays until the next one is obeyed, and grows.
        """
        order = self._order
        ours = self._sought & order.starts.keys() if order.assignment is self._assignment else ()
        if not ours:
            return {}
        places = [TopicPartition(*partition) for partition in ours]
        try:
            with translated_errors("asking for the newest offsets"):
                ends = ends_of(self._consumer, places, BROKER_ANSWERS_WITHIN_MS)
                at = {place: self._position(place) for place in places}
        except BrokerUnavailable:
            self._asked_in_vain += 1
            if self._asked_in_vain >= MOST_ASKED_IN_VAIN:
                self.close(timeout_s=0)
            raise
        self._asked_in_vain = 0
        return {Partition(*place): max(0, ends[place] - at[place]) for place in places}

    def jumps(self) -> list[Jump]:
        """Where the log was found to be another than it was, since this was last asked."""
        jumps, self._jumps = self._jumps, []
        return jumps

    def close(self, timeout_s: float) -> None:
        """Let the connection go."""
        self._sought.clear()
        self._asked_in_vain = 0
        if self._consumer is not None:
            consumer, self._consumer = self._consumer, None
            consumer.close(timeout_ms=int(timeout_s * 1000))

    def _obey(self, order: _Order) -> None:
        if order.assignment is not self._assignment:
            self._go_over_to(order.assignment)
        if self._consumer is None:
            self._consumer = self._connect()
        if order.starts.keys() == self._sought:
            return
        self._next = {place: at for place, at in self._next.items() if place in order.starts}
        self._consumer.assign([TopicPartition(*partition) for partition in order.starts])
        for partition in order.starts.keys() - self._sought:
            self._seek(partition, self._next.get(partition, order.starts[partition]))
        self._sought = set(order.starts)

    def _go_over_to(self, assignment: Assignment | None) -> None:
        if _made_anew(self._assignment, assignment):
            self.close(timeout_s=0)  # and with it what was fetched of a topic that is no more
        self._assignment = assignment
        self._sought.clear()
        self._next.clear()

    def _polled(self, timeout_s: float) -> Mapping[TopicPartition, list[Record]]:
        take_turns(self._consumer)
        try:
            polled: Mapping[TopicPartition, list[Record]]
            polled = self._consumer.poll(timeout_ms=int(timeout_s * 1000))
        except LOG_IS_ANOTHER as error:
            self._go_on_in_what_is_left(error)
            return {}
        return polled

    def _seek(self, partition: Partition, start: Position | None) -> None:
        place = TopicPartition(*partition)
        if start is None:
            self._consumer.seek_to_beginning(place)
        else:
            seek(self._consumer, place, start.offset, start.epoch)

    def _taken(self, records: list[Record]) -> list[Record]:
        for record in records:
            self._next[record.partition] = Position(record.offset + 1, "", record.leader_epoch)
        return records

    def _position(self, place: TopicPartition) -> int:
        try:
            return self._consumer.position(place, timeout_ms=BROKER_ANSWERS_WITHIN_MS) or 0
        except LogTruncationError as error:
            self._go_on_in_what_is_left(error)
            goes_on = self._next.get(Partition(*place))
            return goes_on.offset if goes_on else 0

    def _go_on_in_what_is_left(self, error: LogTruncationError | OffsetOutOfRangeError) -> None:
        for place, cut_at in _places_of(error).items():
            partition = Partition(*place)
            if partition not in self._sought:  # it is not read any more
                continue
            stood = self._next.get(partition, self._order.starts.get(partition))
            if stood is None:  # at a beginning, which has moved since it was asked for
                self._seek(partition, None)
                continue
            goes_on = as_position(cut_at) if cut_at else self._nearest(place, stood.offset)
            self._seek(partition, goes_on)
            self._next[partition] = goes_on
            if goes_on.offset != stood.offset:
                is_sure = cut_at is not None or goes_on.offset > stood.offset
                self._jumps.append(Jump(partition, stood.offset, goes_on.offset, is_sure))

    def _nearest(self, place: TopicPartition, offset: int) -> Position:
        """The place in the log, as it is now, that is nearest to an offset."""
        [begin] = begins_of(self._consumer, [place], BROKER_ANSWERS_WITHIN_MS).values()
        [end] = ends_of(self._consumer, [place], BROKER_ANSWERS_WITHIN_MS).values()
        return Position(min(max(offset, begin), end), "")

    def _connect(self) -> Any:
        return connect_consumer(
            self._kafka,
            group_id=None,
            # What begins anew by itself would answer all anew.
            auto_offset_reset="none",
            max_poll_records=_records_a_turn(self._stream.max_buffered_records),
            max_partition_fetch_bytes=FETCHED_AT_ONCE_BYTES,
            fetch_max_wait_ms=self._stream.fetch_max_wait_ms,
            retry_backoff_ms=20,
        )


def _places_of(
    error: LogTruncationError | OffsetOutOfRangeError,
) -> Mapping[TopicPartition, OffsetAndMetadata | None]:
    """The partitions whose place is not in the log, and where that was cut off, if Kafka knows."""
    if isinstance(error, LogTruncationError):
        places: Mapping[TopicPartition, OffsetAndMetadata | None] = error.divergent_offsets
        return places
    return dict.fromkeys(error.args[0])


def _records_a_turn(room: int) -> int:
    return min(room, max(LEAST_A_TURN, room // TURNS_THAT_FILL))


def _made_anew(before: Assignment | None, after: Assignment | None) -> bool:
    """Whether a topic of both has another id than it had."""
    if before is None or after is None:
        return True
    return before.is_of_former_topics(after.topic_ids)
