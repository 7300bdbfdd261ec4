"""Everything that is used of kafka-python beyond its public interface: read for version 3.0.12.

Each function says why, and what it relies on. tests/stream/kafka/test_internals.py fails when an
upgrade changes any of it. docs/decisions/what-is-relied-on-of-kafka-python.md says what of the
client's behaviour is *not* relied on, and which shape stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import kafka
from kafka import errors as kafka_errors
from kafka.consumer.fetcher import Fetcher
from kafka.net.connection import KafkaConnection
from kafka.net.transport import KafkaTCPTransport
from kafka.protocol.consumer import IsolationLevel
from kafka.record.default_records import DefaultRecordBatch
from kafka.structs import OffsetAndMetadata, TopicPartition

from textwire.stream.kafka.record_batches import BatchHeader, read_batch, unreadable
from textwire.wire.record import Partition, Record

READ_FOR_VERSION = "3.0.12"
# It looks at once, but where it waits for a connection.
SENDER_ENDS_WITHIN_S = 1.0
NOT_LET_IN = (
    kafka_errors.SaslAuthenticationFailedError,
    kafka_errors.UnsupportedSaslMechanismError,
    kafka_errors.IllegalSaslStateError,
)


def read_tolerantly(consumer: kafka.KafkaConsumer) -> None:
    """Let a consumer hand out `Record`s, and records that say why they are unreadable.

    Why: where the client cannot make sense of a record (a checksum that does not fit, a header's
    name that is not UTF-8, a codec that is not installed), `poll` raises once, and from then on it
    turns in its own loop for ever: the generator is spent, and what holds it is never let go. And
    it inflates a batch whole, however large that is.
    Relies on: `Fetcher` making the records of each answer by `self.PartitionRecords(...)`, and that
    class unpacking them in `_unpack_records`.
    """
    fetcher = consumer._fetcher
    fetcher.PartitionRecords = TolerantRecords
    fetcher._parse_fetched_data = partial(_begin, fetcher)


def take_turns(consumer: kafka.KafkaConsumer) -> None:
    """Before a poll: who was read last goes behind the others, and who has nothing left is fetched.

    Why: the client hands out all that it fetched of one partition before it begins with the next,
    and fetches nothing meanwhile. What producers compress makes thousands of records of 64 KB: of
    four partitions that were far behind, each stood still for up to 38 s while the others had their
    turn, and so did whatever came new on a fifth.
    Relies on: `_completed_fetches`, the answers in the order in which they are begun by
    `_parse_fetched_data`, `_next_partition_records`, the one that was begun, and `_append` passing
    over what is not wanted any more. Only for a consumer that reads tolerantly.
    """
    fetcher = consumer._fetcher
    if not fetcher._completed_fetches:
        return  # nobody waits, and the poll itself fetches
    if begun := fetcher._next_partition_records:
        fetcher._completed_fetches.append(begun)
        fetcher._next_partition_records = None
    fetcher.send_fetches()


def _begin(fetcher: Fetcher, completed: Any) -> Any:
    """What is begun already goes on where it stood.

    An answer without records leaves the epoch as it is, too: the client would forget it, and with
    it how to tell that the log was cut off.
    """
    if isinstance(completed, TolerantRecords):
        return completed
    begun = Fetcher._parse_fetched_data(fetcher, completed)
    if begun is not None:
        begun.leader_epoch = fetcher._subscriptions.position(begun.topic_partition).leader_epoch
    return begun


def seek(consumer: kafka.KafkaConsumer, place: TopicPartition, offset: int, epoch: int) -> None:
    """Go on at an offset, behind a record of that epoch; -1: not known.

    Why: the public `seek` takes no epoch, without which the client does not see that what it goes
    on behind is not in the log any more.
    Relies on: `_subscription.seek` taking a whole position.
    """
    consumer._subscription.seek(place, OffsetAndMetadata(offset, "", epoch))


class TolerantRecords(Fetcher.PartitionRecords):  # type: ignore[misc]
    """The records of one answer, unpacked by us. `next_fetch_offset` is where reading goes on."""

    @property
    def fetched_offset(self) -> int:
        """Where it goes on: what answers that are not begun tell by this name."""
        offset: int = self.next_fetch_offset
        return offset

    def _unpack_records(self, tp: Any, records: Any, *_deserializers: Any) -> Iterator[Record]:
        partition = Partition(tp.topic, tp.partition)
        for batch in self._batches(records):
            if not self._is_passed_over(batch):
                for record in self._read(partition, batch):
                    self.next_fetch_offset = record.offset + 1
                    self.records_read += 1
                    yield record
            self.next_fetch_offset = max(self.next_fetch_offset, batch.next_offset)
            self.bytes_read += batch.size_in_bytes
        self.drain()

    def _batches(self, records: Any) -> Iterator[Any]:
        while (batch := records.next_batch()) is not None:
            self.leader_epoch = getattr(batch, "leader_epoch", -1)
            yield batch

    def _is_passed_over(self, batch: Any) -> bool:
        """Whether it holds the end of a transaction, or what an aborted one wrote."""
        if batch.magic < 2:
            return False
        committed_only = self.isolation_level == IsolationLevel.READ_COMMITTED
        if committed_only and batch.has_producer_id():
            self._consume_aborted_transactions_up_to(batch.last_offset)
            if batch.is_control_batch:
                if self._contains_abort_marker(batch):
                    self.aborted_producer_ids.discard(batch.producer_id)
            elif self._is_batch_aborted(batch):
                return True
        return bool(batch.is_control_batch)

    def _read(self, partition: Partition, batch: Any) -> Iterator[Record]:
        if batch.magic < 2:
            yield from _read_old_format(partition, batch)
        elif self.check_crcs and not batch.validate_crc():
            reason = "its checksum is not that of its bytes"
            yield unreadable(
                partition, batch.base_offset, batch.last_offset, reason, batch.leader_epoch
            )
        else:
            payload = memoryview(batch._buffer)[DefaultRecordBatch.HEADER_STRUCT.size :]
            yield from read_batch(_header(partition, batch), payload)


def _header(partition: Partition, batch: Any) -> BatchHeader:
    by_broker = batch.timestamp_type == DefaultRecordBatch.LOG_APPEND_TIME
    return BatchHeader(
        partition=partition,
        base_offset=batch.base_offset,
        last_offset=batch.last_offset,
        first_timestamp_ms=batch.first_timestamp,
        append_time_ms=batch.max_timestamp if by_broker else None,
        codec=batch.compression_type,
        records=batch.records_count,
        leader_epoch=batch.leader_epoch,
    )


def _read_old_format(partition: Partition, batch: Any) -> Iterator[Record]:
    """Messages of brokers before 0.11, which brokers before 4.0 may still keep."""
    following = batch.base_offset
    try:
        for message in batch:
            following = message.offset + 1
            written_ms = message.timestamp or 0
            yield Record(partition, message.offset, message.key, message.value, {}, written_ms)
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the log goes on
        yield unreadable(partition, following, following, str(error))


def _receive(transport: Any) -> tuple[bytes, Exception | None]:
    """What has come, before the end is told that came with it; the next look finds that again.

    Why: the client drops what it has just read where the connection ends behind it, and a broker
    that refuses a password says so and hangs up at once.
    Relies on: `_sock_recv` being asked anew until it tells an error.
    """
    received, error = _SOCK_RECV(transport)
    return (received, None) if received else (received, error)


_SOCK_RECV = KafkaTCPTransport._sock_recv
KafkaTCPTransport._sock_recv = _receive


@dataclass
class _Refusal:
    """Why the broker did not let a client in, the last time it did not."""

    at_s: float = 0.0
    reason: str = ""


def _connection_lost(connection: Any, error: Exception | None) -> None:
    if isinstance(error, NOT_LET_IN):
        _REFUSAL.at_s, _REFUSAL.reason = monotonic(), str(error)
    _CONNECTION_LOST(connection, error)


def refusal_since(at_s: float) -> str:
    """Why the broker did not let a client of this process in since then; empty: it did.

    Why: a client that cannot log in when it is made goes on trying, and raises only that its time
    is up: a wrong password reads as a broker that is away.
    Relies on: `KafkaConnection.connection_lost` being told the reason.
    """
    return _REFUSAL.reason if _REFUSAL.at_s >= at_s else ""


_REFUSAL = _Refusal()
_CONNECTION_LOST = KafkaConnection.connection_lost
KafkaConnection.connection_lost = _connection_lost


def sleep_of(consumer: kafka.KafkaConsumer) -> Callable[[float], Coroutine[Any, Any, None]]:
    """The sleep of the client's own loop, for a rebalance listener that waits.

    Why: heartbeats are sent from that loop, so it must not be held up, and it knows only its own
    awaitables. Relies on: `_net.sleep(seconds)`.
    """
    sleep: Callable[[float], Coroutine[Any, Any, None]] = consumer._net.sleep
    return sleep


def is_fenced(consumer: kafka.KafkaConsumer) -> bool:
    """Whether another process joined the group as this static member.

    Why: the client's heartbeat is told so, logs it, stops, and tells nobody; `poll` goes on as if
    the partitions were still ours. Relies on: `_coordinator` being stable, about to rejoin nothing,
    and its `_heartbeat_enabled` unset all the same, which happens for that reason alone.
    """
    coordinator = consumer._coordinator
    with coordinator._lock:
        settled = coordinator.stable() and not (coordinator.rejoin_needed or coordinator.rejoining)
        return bool(settled and not coordinator._heartbeat_enabled)


def joins_anew_if_untold(consumer: kafka.KafkaConsumer) -> bool:
    """Have a client join once more that joined after the poll had ended which waited for it.

    Why: such a client counts as a member and tells nobody: no listener hears what it was given, no
    heartbeat is sent, the group is soon empty, and nothing is read by it ever again. On a busy
    machine that came with one rebalance in three.
    Relies on: `_coordinator.rejoining`, set until the listener was told, on `_join_task`, done and
    not taken, and on `request_rejoin`.
    Returns: whether it will, in the next poll, which must have the time.
    """
    coordinator = consumer._coordinator
    joined = coordinator._join_task
    if not (coordinator.rejoining and joined is not None and joined.is_done):
        return False
    coordinator.request_rejoin()
    return True


def committed(
    consumer: kafka.KafkaConsumer, place: TopicPartition, within_ms: float
) -> OffsetAndMetadata | None:
    """Where the group goes on, and never what an earlier question was answered.

    Why: a question that ran out of time stays with the client, and its answer is given to whoever
    asks for the same partition next, be it minutes later. A replica that had asked before anything
    was committed read a partition from its beginning once it was given it again: 495 answers came
    twice.
    Relies on: `_coordinator._offset_fetch_futures`, by the set of partitions that were asked for.
    Raises: KafkaError: no answer within the bound, or none that could be given.
    """
    consumer._coordinator._offset_fetch_futures.pop(frozenset([place]), None)
    return consumer.committed(place, metadata=True, timeout_ms=within_ms)


def send_offsets(
    producer: kafka.KafkaProducer, offsets: Mapping[Any, Any], proof: Any, within_s: float
) -> None:
    """Add offsets to the transaction, as `send_offsets_to_transaction` does, but not for ever.

    Why: the public method waits without a bound for an answer that may be lost with its broker.
    Relies on: `_transaction_manager.send_offsets_to_transaction`.
    Raises: KafkaTimeoutError, and whatever the broker refused.
    """
    _wait(
        producer,
        producer._transaction_manager.send_offsets_to_transaction(offsets, proof),
        within_s,
    )


def commit(producer: kafka.KafkaProducer, within_s: float) -> None:
    """Commit the transaction, as `commit_transaction` does, but not for ever.

    Relies on: `_transaction_manager.begin_commit`.
    Raises: KafkaTimeoutError: it is not known whether it was committed.
    """
    _wait(producer, producer._transaction_manager.begin_commit(), within_s)


def end_sender(producer: kafka.KafkaProducer) -> None:
    """End a producer's thread, whatever is under way: nothing is sent once it has ended.

    Why: `close` flushes first. Where that takes longer than it may, it raises and does nothing
    else: the thread goes on for ever, sends what was given up, and takes the transactional id from
    whoever has it by then. Brokers that were killed for eight minutes left twenty such threads in
    one replica, and partitions that stood still for minutes.
    Relies on: `_sender.force_close`, which fails what was not sent and ends the thread after the
    request under way, and on `_sender` being a thread.
    """
    producer._sender.force_close()
    producer._sender.join(SENDER_ENDS_WITHIN_S)


def _wait(producer: kafka.KafkaProducer, result: Any, within_s: float) -> None:
    producer._sender.wakeup()
    if not result.wait(timeout_ms=max(0.0, within_s) * 1000):
        raise kafka_errors.KafkaTimeoutError(f"no answer within {within_s:.1f} s")
