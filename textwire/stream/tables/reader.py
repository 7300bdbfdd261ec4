"""One connection to a topic: all its partitions, outside any consumer group."""

from __future__ import annotations

from collections.abc import Mapping

from kafka.structs import TopicPartition

from textwire.settings import KafkaSettings
from textwire.stream.kafka.connecting import ANSWERED_WITHIN_MS, connect_consumer, translated_errors
from textwire.stream.kafka.offsets import begins_of, ends_of
from textwire.stream.kafka.topic_shape import TopicShape
from textwire.wire.record import Record

# How many rows are handed on at once; more make a start faster, fewer make memory smaller.
ROWS_AT_ONCE = 2000
POLL_TIMEOUT_MS = 200


class TableReader:
    """Reads the partitions of a topic's shape, each from where an earlier reader stood."""

    def __init__(
        self,
        topic: str,
        shape: TopicShape,
        positions: Mapping[int, int],
        settings: KafkaSettings | None = None,
    ) -> None:
        """Connect, and note where the topic ends.

        Args:   positions: the next offset of each partition; without one, its beginning.
        Raises: BrokerUnavailable.
        """
        self._doing = f"reading {topic}"
        self._partitions = [TopicPartition(topic, number) for number in shape.partitions]
        with translated_errors(self._doing):
            self._consumer = connect_consumer(
                settings, group_id=None, max_poll_records=ROWS_AT_ONCE
            )
            try:
                self._ends = self._seek(positions)
            except BaseException:
                self.close()
                raise

    def poll(self) -> list[Record]:
        """What comes next; empty when nothing came within a moment.

        Raises: BrokerUnavailable.
        """
        with translated_errors(self._doing):
            polled = self._consumer.poll(timeout_ms=POLL_TIMEOUT_MS)
        return [record for records in polled.values() for record in records]

    @property
    def positions(self) -> dict[int, int]:
        """The next offset of each partition."""
        return {one.partition: self._position(one) for one in self._partitions}

    @property
    def at_end(self) -> bool:
        """Whether all was polled that was there when we connected."""
        return all(self._position(one) >= self._ends[one] for one in self._partitions)

    def close(self) -> None:
        """Let the connection go."""
        self._consumer.close(timeout_ms=1000)

    def _seek(self, positions: Mapping[int, int]) -> Mapping[TopicPartition, int]:
        self._consumer.assign(self._partitions)
        begins = begins_of(self._consumer, self._partitions, ANSWERED_WITHIN_MS)
        for partition, begin in begins.items():
            self._consumer.seek(partition, max(begin, positions.get(partition.partition, 0)))
        return ends_of(self._consumer, self._partitions, ANSWERED_WITHIN_MS)

    def _position(self, partition: TopicPartition) -> int:
        return self._consumer.position(partition, timeout_ms=ANSWERED_WITHIN_MS) or 0
