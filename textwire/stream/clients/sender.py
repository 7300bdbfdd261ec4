"""Sending single messages: what the command line and the pages do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

import kafka
import msgspec
from kafka import errors as kafka_errors
from kafka.producer.future import FutureRecordMetadata as Future

from textwire.errors import RecordRejected
from textwire.settings import KafkaSettings, load
from textwire.stream.headers import as_pairs, event_headers, new_trace
from textwire.stream.kafka.connecting import client_settings, translated_errors
from textwire.stream.kafka.internals import end_sender
from textwire.wire.message import Message
from textwire.wire.record import OutgoingRecord, Record
from textwire.wire.topic import Topic

# Without it every record is a request of its own, at a fifth of the rate.
BULK_LINGER_MS = 5


class Sender:
    """Writes messages to their topics and waits until the broker has them.

    No wait is longer than twice `kafka.answer_timeout_s`: once until the broker is found and takes
    records, and once until it has them.
    """

    def __init__(
        self, source: str, settings: KafkaSettings | None = None, *, linger_ms: int = 0
    ) -> None:
        """Connect.

        Args:   source: who sends, such as `textwire ask`; goes into the headers.
                linger_ms: how long a message waits for company; worth it for many at once.
        Raises: BrokerUnavailable.
        """
        self._source = source
        self._within_s = (settings or load(KafkaSettings)).answer_timeout_s
        within_ms = int(self._within_s * 1000)
        with translated_errors("connecting"):
            self._producer = kafka.KafkaProducer(
                **client_settings(settings),
                acks="all",
                linger_ms=linger_ms,
                max_block_ms=within_ms,
                delivery_timeout_ms=within_ms,
                request_timeout_ms=within_ms // 2,
            )

    def send(self, topic: Topic, message: Message) -> None:
        """Write one message; returns once it is acknowledged.

        Raises: BrokerUnavailable: it was not, in time.
        """
        self.send_all(topic, [message])

    def send_all(self, topic: Topic, messages: list[Message]) -> None:
        """Write messages in order; returns once all are acknowledged."""
        with translated_errors(f"writing to {topic.name}"):
            self._wait_for([self._send(topic, message) for message in messages])

    def delete(self, topic: Topic, keys: list[str]) -> None:
        """Write tombstones: the keys vanish from a compacted topic."""
        with translated_errors(f"deleting from {topic.name}"):
            self._wait_for(
                [self._producer.send(topic.name, key=key.encode(), value=None) for key in keys]
            )

    def write(self, records: Sequence[OutgoingRecord]) -> None:
        """Write records as they are; returns once all are acknowledged.

        Raises: BrokerUnavailable; RecordRejected: one is larger than the broker takes.
        """
        self._write_all(self._write(record) for record in records)

    def write_again(self, records: Sequence[Record]) -> None:
        """Write records to the end of the topic they were read from, as old as they are."""
        self._write_all(self._write_one_again(record) for record in records)

    def close(self) -> None:
        """Let the connection go."""
        # Where the broker is away: what was sent is acknowledged, and nothing waits.
        with suppress(kafka_errors.KafkaTimeoutError):
            self._producer.close(timeout=2)
        end_sender(self._producer)

    def _write_all(self, sending: Iterable[Future]) -> None:
        with translated_errors("writing records"):
            try:
                self._wait_for(list(sending))
            except kafka_errors.MessageSizeTooLargeError as error:
                raise RecordRejected(
                    f"A record is larger than the broker takes: {error}"
                ) from error

    def _wait_for(self, sent: Iterable[Future]) -> None:
        until = monotonic() + self._within_s
        for future in sent:
            future.get(timeout=max(0.0, until - monotonic()))

    def _write_one_again(self, record: Record) -> Future:
        return self._producer.send(
            record.partition.topic,
            key=record.key,
            value=record.value,
            headers=as_pairs(record.headers),
            partition=record.partition.number,
            timestamp_ms=record.timestamp_ms,
        )

    def _write(self, record: OutgoingRecord) -> Future:
        return self._producer.send(
            record.topic, key=record.key, value=record.value, headers=as_pairs(record.headers)
        )

    def _send(self, topic: Topic, message: Message) -> Future:
        headers = event_headers(
            f"textwire.{topic.name}",
            self._source,
            str(uuid.uuid4()),
            datetime.now(UTC),
            new_trace(),
        )
        return self._producer.send(
            topic.name,
            key=topic.key(message).encode(),
            value=msgspec.json.encode(message),
            headers=as_pairs(headers),
        )
