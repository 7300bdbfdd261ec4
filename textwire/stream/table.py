"""A compacted topic as a table: read from its beginning at the start, followed ever after.

Every replica reads all of it, outside any consumer group, so there are no offsets to commit: what
it knows is what it has read since it started.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any

import kafka
import structlog
from kafka.structs import TopicPartition

from textwire.errors import BrokerUnavailable, RecordRejected, Unavailable
from textwire.messages import Message
from textwire.observing.health import Health
from textwire.settings import KafkaSettings
from textwire.stream.decoding import Decoder
from textwire.stream.headers import from_pairs
from textwire.stream.kafka import client_settings, translated_errors
from textwire.stream.records import Partition, Record
from textwire.topics import DEAD_LETTER_MAX_BYTES, Topic

# How many rows are handed on at once; more make a start faster, fewer make memory smaller.
ROWS_AT_ONCE = 2000
POLL_TIMEOUT_MS = 200
RECONNECT_AFTER_S = 1.0

# Of the topic's own message; None where the key was deleted.
Rows = Mapping[str, Any]

log = structlog.get_logger()


class TopicTable:
    """Follows a compacted topic on a thread of its own.

    A row that cannot be read is logged and counted as not there; the rest goes on. After the broker
    was away, or what `apply` needs was, reading goes on where it stood.
    """

    def __init__(
        self,
        topic: Topic,
        apply: Callable[[Rows], None],
        health: Health,
        settings: KafkaSettings | None = None,
    ) -> None:
        """`apply` gets what changed, key to message, None where the key was deleted."""
        self._topic = topic
        self._apply = apply
        self._health = health
        self._settings = settings
        self._decoder = Decoder((topic,), max_bytes=DEAD_LETTER_MAX_BYTES)
        self._stop = Event()
        self._next: dict[TopicPartition, int] = {}
        self._thread = Thread(target=self._follow, name=f"table {topic.name}", daemon=True)
        self.caught_up = Event()

    @property
    def topic(self) -> Topic:
        """What is read."""
        return self._topic

    def start(self) -> None:
        """Begin to read; not ready until the end of the topic was reached once."""
        self._health.unmet(self._topic.name, "being read")
        self._thread.start()

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._follow_until_stopped()
            except Unavailable as error:
                log.warning("table is behind", topic=self._topic.name, reason=str(error))
                self._stop.wait(RECONNECT_AFTER_S)
            except Exception as error:
                self._health.unmet(self._topic.name, f"cannot be applied: {error}")
                log.exception("table stopped", topic=self._topic.name)
                raise

    def _follow_until_stopped(self) -> None:
        with translated_errors(f"reading {self._topic.name}"):
            consumer = self._connect()
            try:
                ends = consumer.end_offsets(list(self._next))
                while not self._stop.is_set():
                    self._read_some(consumer)
                    if not self.caught_up.is_set() and self._has_reached(ends):
                        self._tell_caught_up()
            finally:
                consumer.close(timeout_ms=1000)

    def _connect(self) -> Any:
        consumer = kafka.KafkaConsumer(
            **client_settings(self._settings),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=ROWS_AT_ONCE,
        )
        numbers = consumer.partitions_for_topic(self._topic.name) or set()
        partitions = [TopicPartition(self._topic.name, number) for number in sorted(numbers)]
        if not partitions:
            consumer.close()
            raise BrokerUnavailable(f"The topic {self._topic.name} is not there (yet).")
        consumer.assign(partitions)
        first = consumer.beginning_offsets(partitions)
        for partition in partitions:
            position = max(self._next.get(partition, 0), first[partition])
            self._next[partition] = position
            consumer.seek(partition, position)
        return consumer

    def _read_some(self, consumer: Any) -> None:
        polled = consumer.poll(timeout_ms=POLL_TIMEOUT_MS)
        rows = dict(self._row(record) for records in polled.values() for record in records)
        if rows:
            self._apply({key: row for key, row in rows.items() if key})
        for partition in self._next:
            self._next[partition] = consumer.position(partition) or self._next[partition]

    def _row(self, record: Any) -> tuple[str, Message | None]:
        key = (record.key or b"").decode(errors="replace")
        if record.value is None:
            return key, None
        place = Partition(record.topic, record.partition)
        try:
            received = self._decoder.decode(
                Record(place, record.offset, record.key, record.value, from_pairs(record.headers))
            )
        except RecordRejected as error:
            log.warning("row left out", topic=record.topic, key=key, reason=str(error))
            return key, None
        message: Message = received.message
        return self._topic.key(message), message

    def _has_reached(self, ends: Mapping[TopicPartition, int]) -> bool:
        return all(self._next[partition] >= end for partition, end in ends.items())

    def _tell_caught_up(self) -> None:
        self.caught_up.set()
        self._health.met(self._topic.name)
        log.info("table read", topic=self._topic.name)
