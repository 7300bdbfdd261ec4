"""One connection to a topic: all its partitions, outside any consumer group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kafka.errors import LogTruncationError, OffsetOutOfRangeError
from kafka.structs import TopicPartition

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings
from textwire.stream.assignment import Position
from textwire.stream.kafka.connecting import ANSWERED_WITHIN_MS, connect_consumer, translated_errors
from textwire.stream.kafka.internals import seek
from textwire.stream.kafka.offsets import begins_of, ends_of
from textwire.stream.kafka.topic_shape import TopicShape
from textwire.wire.record import Record

# How many rows are handed on at once; more make a start faster, fewer make memory smaller.
ROWS_AT_ONCE = 2000
POLL_TIMEOUT_MS = 200


class LogCutOff(BrokerUnavailable):
    """The topic does not hold any more what was read of it last; it has to be read anew."""


class TableReader:
    """Reads the partitions of a topic's shape, each from where an earlier reader stood."""

    def __init__(
        self,
        topic: str,
        shape: TopicShape,
        positions: Mapping[int, Position],
        settings: KafkaSettings | None = None,
    ) -> None:
        """Connect, and note where the topic ends.

        Args:   positions: where to go on in each partition; without one, at its beginning.
        Raises: BrokerUnavailable.
        """
        self._doing = f"reading {topic}"
        self._epochs = {number: position.epoch for number, position in positions.items()}
        self._partitions = [TopicPartition(topic, number) for number in shape.partitions]
        with translated_errors(self._doing):
            self._consumer = connect_consumer(
                settings,
                group_id=None,
                max_poll_records=ROWS_AT_ONCE,
                auto_offset_reset="none",
            )
            try:
                self._ends = self._seek(positions)
            except BaseException:
                self.close()
                raise

    def poll(self) -> list[Record]:
        """What comes next; empty when nothing came within a moment.

        Raises: BrokerUnavailable; LogCutOff.
        """
        with translated_errors(self._doing), self._told_where_cut_off():
            polled = self._consumer.poll(timeout_ms=POLL_TIMEOUT_MS)
        records = [record for records in polled.values() for record in records]
        self._epochs |= {one.partition.number: one.leader_epoch for one in records}
        return records

    @property
    def positions(self) -> dict[int, Position]:
        """Where to go on in each partition.

        Raises: BrokerUnavailable; LogCutOff.
        """
        return {
            one.partition: Position(self._position(one), "", self._epochs.get(one.partition, -1))
            for one in self._partitions
        }

    @property
    def at_end(self) -> bool:
        """Whether all was polled that was there when we connected."""
        return all(self._position(one) >= self._ends[one] for one in self._partitions)

    def close(self) -> None:
        """Let the connection go."""
        self._consumer.close(timeout_ms=1000)

    def _seek(self, positions: Mapping[int, Position]) -> Mapping[TopicPartition, int]:
        self._consumer.assign(self._partitions)
        begins = begins_of(self._consumer, self._partitions, ANSWERED_WITHIN_MS)
        for partition, begin in begins.items():
            position = positions.get(partition.partition, Position(begin, ""))
            if position.offset < begin:
                position = Position(begin, "")
            seek(self._consumer, partition, position.offset, position.epoch)
        return ends_of(self._consumer, self._partitions, ANSWERED_WITHIN_MS)

    def _position(self, partition: TopicPartition) -> int:
        with self._told_where_cut_off():
            return self._consumer.position(partition, timeout_ms=ANSWERED_WITHIN_MS) or 0

    @contextmanager
    def _told_where_cut_off(self) -> Iterator[None]:
        try:
            yield
        except (LogTruncationError, OffsetOutOfRangeError) as error:
            raise LogCutOff(
                "Kafka has lost what was read of this topic last (a broker lost power, or somebody "
                "deleted records): it is read anew."
            ) from error
