"""Publishing to Kafka: exactly once, in transactions, or at least once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import kafka
from kafka import errors as kafka_errors

from textwire.errors import BrokerUnavailable, ReplicaTaken
from textwire.settings import KafkaSettings
from textwire.stream.headers import as_pairs
from textwire.stream.kafka.connecting import ANSWERED_WITHIN_MS, client_settings, translated_errors
from textwire.stream.kafka.internals import commit, end_sender, send_offsets
from textwire.stream.kafka.offsets import as_kafka_offsets
from textwire.stream.publisher import Positions, RecordNotTaken
from textwire.wire.record import OutgoingRecord
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES

# A transaction begins when its results are known, so it lasts milliseconds. If this replica dies in
# one, read_committed readers wait this long, or until the replica is back.
TRANSACTION_TIMEOUT_MS = 10_000
# By default 100: what a transaction waits that begins before the markers of the last are written.
TRANSACTION_RETRY_BACKOFF_MS = 2
TOO_LARGE = (kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordListTooLargeError)


class TransactionalPublisher:
    """Results and positions in one transaction: a `read_committed` reader sees each result once.

    After any failure the client is given up for a new one. It would carry what is left of the
    transaction into the next: the positions, which it then commits without their results. And only
    a new client's beginning tells how the old one's transaction has ended.
    """

    def __init__(self, transactional_id: str, settings: KafkaSettings | None = None) -> None:
        """`transactional_id` must be this replica's own and the same over restarts."""
        self._settings = settings
        self._id = transactional_id
        self._producer: kafka.KafkaProducer | None = None

    def start(self) -> None:
        """Take the transactional id over."""
        self._begun_producer()

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        """Begin, send, add the positions, see that all was taken, commit.

        The commit alone does not tell: where a record is refused for its producer's epoch, the
        client begins a new epoch, drops the transaction, and has its commit succeed. It waits for
        the records anyway, so asking first costs nothing.
        """
        producer = self._begun_producer()
        until = monotonic() + ANSWERED_WITHIN_MS / 1000
        with self._given_up_on_error(), translated_errors("publishing"):
            producer.begin_transaction()
            sent = [(record, _send(producer, record)) for record in outgoing]
            if positions:  # else nothing was consumed: there is no group to tell
                send_offsets(producer, as_kafka_offsets(positions), proof, until - monotonic())
            for record, taken in sent:
                _see_taken(record, taken, until)
            commit(producer, until - monotonic())

    def close(self, timeout_s: float) -> None:
        """Let the broker go; what is open is aborted when the id is taken over."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            _close(producer, timeout_s)

    @contextmanager
    def _given_up_on_error(self) -> Iterator[None]:
        try:
            yield
        except ReplicaTaken as error:
            self.close(timeout_s=0)
            raise BrokerUnavailable(str(error)) from error  # the group's client sees to it
        except BaseException:
            self.close(timeout_s=0)
            raise

    def _begun_producer(self) -> kafka.KafkaProducer:
        if self._producer is None:
            with translated_errors("starting transactions"):
                producer = _producer(
                    self._settings,
                    transactional_id=self._id,
                    transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
                    retry_backoff_ms=TRANSACTION_RETRY_BACKOFF_MS,
                )
                _take_over(producer)
            self._producer = producer
        return self._producer


class AtLeastOncePublisher:
    """Results first, positions after: a result may be seen twice, under the same ids."""

    def __init__(
        self, commit: Callable[[Positions], None], settings: KafkaSettings | None = None
    ) -> None:
        """`commit` is the group's."""
        self._commit = commit
        self._settings = settings
        self._producer: kafka.KafkaProducer | None = None

    def start(self) -> None:
        """Connect."""
        self._connected()

    def publish(
        self,
        outgoing: Sequence[OutgoingRecord],
        positions: Positions,
        proof: Any,  # noqa: ARG002 - the group's client knows its own
    ) -> None:
        """Send, wait until all is acknowledged, then commit."""
        producer = self._connected()
        until = monotonic() + ANSWERED_WITHIN_MS / 1000
        try:
            with translated_errors("publishing"):
                for record, taken in [(record, _send(producer, record)) for record in outgoing]:
                    _see_taken(record, taken, until)
        except BrokerUnavailable:
            self.close(timeout_s=0)
            raise
        self._commit(positions)

    def close(self, timeout_s: float) -> None:
        """Let the broker go."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            _close(producer, timeout_s)

    def _connected(self) -> kafka.KafkaProducer:
        if self._producer is None:
            with translated_errors("connecting"):
                self._producer = _producer(self._settings)
        return self._producer


def _take_over(producer: kafka.KafkaProducer) -> None:
    try:
        producer.init_transactions()
    except kafka_errors.KafkaError:
        _close(producer, timeout_s=0)
        raise


def _producer(settings: KafkaSettings | None, **transactions: Any) -> kafka.KafkaProducer:
    return kafka.KafkaProducer(
        **client_settings(settings),
        acks="all",
        linger_ms=0,
        max_request_size=DEAD_LETTER_MAX_BYTES,
        max_block_ms=ANSWERED_WITHIN_MS,
        request_timeout_ms=ANSWERED_WITHIN_MS,
        reconnect_backoff_max_ms=1000,
        **transactions,
    )


def _send(producer: kafka.KafkaProducer, record: OutgoingRecord) -> Any:
    try:
        return producer.send(
            record.topic, key=record.key, value=record.value, headers=as_pairs(record.headers)
        )
    except TOO_LARGE as error:
        raise RecordNotTaken(record, str(error)) from error
    except ValueError as error:  # how the client says that it does not know the topic any more
        raise BrokerUnavailable(f"{record.topic} cannot be written to: {error}") from error


def _see_taken(record: OutgoingRecord, taken: Any, until: float) -> None:
    try:
        taken.get(timeout=max(0.0, until - monotonic()))
    except TOO_LARGE as error:
        raise RecordNotTaken(record, str(error)) from error


def _close(producer: kafka.KafkaProducer, timeout_s: float) -> None:
    with suppress(kafka_errors.KafkaError):  # what was committed is; the rest was never promised
        producer.close(timeout=timeout_s)
    end_sender(producer)
