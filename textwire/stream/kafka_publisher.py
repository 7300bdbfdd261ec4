"""Publishing to Kafka: exactly once, in transactions, or at least once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import kafka
from kafka import errors as kafka_errors

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings
from textwire.stream.headers import as_pairs
from textwire.stream.kafka import client_settings, translated_errors
from textwire.stream.kafka_source import as_kafka_offsets
from textwire.stream.records import OutgoingRecord, Partition
from textwire.topics import DEAD_LETTER_MAX_BYTES

# A transaction begins when its results are known, so it lasts milliseconds. If this replica dies in
# one, read_committed readers wait this long, or until the replica is back.
TRANSACTION_TIMEOUT_MS = 10_000
# What the client waits for ever for: after a broker's end its answer may never come.
ANSWERED_WITHIN_MS = 10_000
# By default 100: what a transaction waits that begins before the markers of the last are written.
TRANSACTION_RETRY_BACKOFF_MS = 2


class TransactionalPublisher:
    """Results and offsets in one transaction: a `read_committed` reader sees each result once."""

    def __init__(self, transactional_id: str, settings: KafkaSettings | None = None) -> None:
        """`transactional_id` must be this replica's own and the same over restarts."""
        self._settings = settings
        self._id = transactional_id
        self._producer: kafka.KafkaProducer | None = None

    def start(self) -> None:
        """Take the transactional id over."""
        self._transacting()

    def publish(
        self, outgoing: Sequence[OutgoingRecord], offsets: Mapping[Partition, int], membership: Any
    ) -> None:
        """Begin, send, add the offsets, see that all was taken, commit; on an error, abort.

        The commit alone does not tell: where a record is refused for its producer's epoch, the
        client begins a new epoch, drops the transaction, and has its commit succeed. It waits for
        the records anyway, so asking first costs nothing.

        Raises: SettingsError: another process is this replica.
        """
        producer = self._transacting()
        with translated_errors("publishing"), self._all_or_nothing(producer):
            producer.begin_transaction()
            sent = [_send(producer, record) for record in outgoing]
            _add_offsets(producer, offsets, membership)
            for taken in sent:
                taken.get(timeout=ANSWERED_WITHIN_MS / 1000)
            producer.commit_transaction()

    def close(self, timeout_s: float) -> None:
        """Let the broker go; what is open is aborted."""
        if self._producer is not None:
            _close(self._producer, timeout_s)
            self._producer = None

    @contextmanager
    def _all_or_nothing(self, producer: kafka.KafkaProducer) -> Iterator[None]:
        try:
            yield
        except kafka_errors.FencedInstanceIdError:
            self._abort(producer)
            raise
        except kafka_errors.KafkaError as error:
            self._abort(producer)
            raise BrokerUnavailable(f"The transaction was not committed: {error}") from error

    def _transacting(self) -> kafka.KafkaProducer:
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

    def _abort(self, producer: kafka.KafkaProducer) -> None:
        """Make the producer fit for the next transaction, or give it up for a new one."""
        try:
            _wait(producer, producer._transaction_manager.begin_abort())
        except kafka_errors.KafkaError:
            # Fenced, expired, or away: only a new producer can take the id over again.
            self.close(timeout_s=0)


class AtLeastOncePublisher:
    """Results first, offsets after: a result may be seen twice, under the same ids."""

    def __init__(
        self,
        commit_later: Callable[[Mapping[Partition, int]], None],
        settings: KafkaSettings | None = None,
    ) -> None:
        """`commit_later` hands offsets to the thread that owns the consumer."""
        self._commit_later = commit_later
        self._settings = settings
        self._producer: kafka.KafkaProducer | None = None

    def start(self) -> None:
        """Connect."""
        with translated_errors("connecting"):
            self._producer = _producer(self._settings)

    def publish(
        self,
        outgoing: Sequence[OutgoingRecord],
        offsets: Mapping[Partition, int],
        membership: Any,  # noqa: ARG002 - the consumer knows its own
    ) -> None:
        """Send, wait until all is acknowledged, then hand the offsets on."""
        if self._producer is None:
            self.start()
        with translated_errors("publishing"):
            for sent in [_send(self._producer, record) for record in outgoing]:
                sent.get(timeout=30)
        self._commit_later(offsets)

    def close(self, timeout_s: float) -> None:
        """Let the broker go."""
        if self._producer is not None:
            _close(self._producer, timeout_s)


def _take_over(producer: Any) -> None:
    try:
        producer.init_transactions()
    except kafka_errors.KafkaError:
        _close(producer, timeout_s=0)
        raise


def _add_offsets(producer: Any, offsets: Mapping[Partition, int], membership: Any) -> None:
    if not offsets:
        return  # nothing was consumed: there is no group to tell
    transaction = producer._transaction_manager
    _wait(producer, transaction.send_offsets_to_transaction(as_kafka_offsets(offsets), membership))


def _wait(producer: Any, result: Any) -> None:
    """Wait as the producer's own methods do, but not for ever.

    Not for a commit: whether one happened must be known, or it would be published again.
    """
    producer._sender.wakeup()
    if not result.wait(timeout_ms=ANSWERED_WITHIN_MS):
        raise kafka_errors.KafkaTimeoutError(f"no answer within {ANSWERED_WITHIN_MS} ms")


def _producer(settings: KafkaSettings | None, **transactions: Any) -> kafka.KafkaProducer:
    return kafka.KafkaProducer(
        **client_settings(settings),
        acks="all",
        linger_ms=0,
        max_request_size=DEAD_LETTER_MAX_BYTES,
        reconnect_backoff_max_ms=1000,
        **transactions,
    )


def _send(producer: Any, record: OutgoingRecord) -> Any:
    return producer.send(
        record.topic, key=record.key, value=record.value, headers=as_pairs(record.headers)
    )


def _close(producer: kafka.KafkaProducer, timeout_s: float) -> None:
    try:
        producer.close(timeout=timeout_s)
    except kafka_errors.KafkaError:
        return  # what was committed is committed; the rest was never promised
