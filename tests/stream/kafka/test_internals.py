"""What is used of the client beyond its public interface is still there, and still needed."""

from __future__ import annotations

import inspect
import re
import threading
from typing import Any

import kafka
from kafka.consumer.fetcher import Fetcher
from kafka.consumer.subscription_state import SubscriptionState
from kafka.coordinator.base import BaseCoordinator
from kafka.coordinator.consumer import ConsumerCoordinator
from kafka.net.transport import KafkaTCPTransport
from kafka.producer.sender import Sender
from kafka.producer.transaction_manager import TransactionManager
from kafka.protocol.consumer import IsolationLevel
from kafka.record import MemoryRecords
from kafka.record.default_records import DefaultRecordBatchBuilder
from kafka.structs import OffsetAndMetadata, TopicPartition

from textwire.stream.kafka import internals as kafka_internals
from textwire.stream.kafka.internals import READ_FOR_VERSION, TolerantRecords

PLACE = TopicPartition("words", 0)


def test_the_client_is_the_one_that_was_read() -> None:
    """Read textwire/stream/kafka/internals.py beside the new client before you raise the number."""
    assert kafka.__version__ == READ_FOR_VERSION


def test_a_consumer_makes_its_records_of_a_class_that_can_be_another() -> None:
    assert "self.PartitionRecords(" in inspect.getsource(Fetcher._parse_fetched_data)
    assert "self._unpack_records(" in inspect.getsource(Fetcher.PartitionRecords.__init__)


def test_a_consumer_hands_out_all_of_one_partition_and_fetches_nothing_meanwhile() -> None:
    """Why partitions are told to take turns: should this fail, look whether they still must be."""
    hands_out = inspect.getsource(Fetcher.fetched_records)
    assert "completion = self._completed_fetches.popleft()" in hands_out
    assert "self._next_partition_records = self._parse_fetched_data(completion)" in hands_out
    assert "return dict(drained), bool(self._completed_fetches)" in hands_out
    # What it asks of an answer that it begins: what we put back must tell the same.
    asked = set(re.findall(r"\bcompletion\.(\w+)", hands_out))
    assert asked == {"topic_partition", "fetched_offset"}
    fetches = inspect.getsource(Fetcher.fetch_records)
    assert fetches.index("if not partial:") < fetches.index("self.send_fetches()")
    # Whose records wait is not fetched twice.
    discarded = inspect.getsource(Fetcher._fetchable_partitions)
    assert "fetch.topic_partition for fetch in self._completed_fetches" in discarded


def test_an_answer_without_records_makes_the_client_forget_the_epoch() -> None:
    """Why `_begin` sets it: should this fail, look whether it still must."""
    taken = inspect.getsource(Fetcher._append)
    assert "part.next_fetch_offset, '', part.leader_epoch)" in taken
    assert "self.leader_epoch = -1" in inspect.getsource(Fetcher.PartitionRecords.__init__)


def test_a_place_can_be_sought_with_the_epoch_of_the_record_before() -> None:
    consumer = kafka.KafkaConsumer.__new__(kafka.KafkaConsumer)
    consumer._subscription = SubscriptionState("none")
    consumer._subscription.assign_from_user([PLACE])
    kafka_internals.seek(consumer, PLACE, 7, 3)
    assert consumer._subscription.position(PLACE) == OffsetAndMetadata(7, "", 3)
    assert "leader_epoch" not in inspect.getsource(kafka.KafkaConsumer.seek)


def test_records_that_were_begun_and_put_back_go_on_where_they_stood() -> None:
    fetcher = Fetcher.__new__(Fetcher)
    records = unpacked(batch([b"a", b"b", b"c"]))
    assert [record.value for record in records.take(2)] == [b"a", b"b"]
    assert kafka_internals._begin(fetcher, records) is records
    assert records.fetched_offset == 2
    assert [record.value for record in records.take(2)] == [b"c"]


def test_a_producer_keeps_the_offsets_of_a_transaction_that_failed() -> None:
    """Why a client is given up after each failure: should this fail, look whether it still must."""
    source = inspect.getsource(TransactionManager)
    assert source.count("_pending_txn_offset_commits") >= 1
    assert "_pending_txn_offset_commits.clear" not in source
    assert "_pending_txn_offset_commits = dict()" in source
    assert source.count("_pending_txn_offset_commits = ") == 1


def test_a_transport_drops_what_came_with_the_end_of_a_connection() -> None:
    """Why it is asked for what came, and only then for the end; the original stands beside it."""
    source = inspect.getsource(KafkaTCPTransport._read_from_sock)
    assert source.index("if err:") < source.index("data_received(")
    assert "while self._read" in source
    assert kafka_internals._SOCK_RECV.__name__ == "_sock_recv"


def test_a_connection_is_told_why_it_was_lost() -> None:
    source = inspect.getsource(KafkaTCPTransport._close)
    assert "connection_lost(error)" in source
    assert kafka_internals._CONNECTION_LOST.__name__ == "connection_lost"


def test_the_public_waits_of_a_transaction_are_without_a_bound() -> None:
    for method in ("send_offsets_to_transaction", "commit_transaction"):
        assert "result.wait()" in inspect.getsource(getattr(kafka.KafkaProducer, method))


def test_a_producer_that_cannot_flush_in_time_is_not_closed() -> None:
    """Why its thread is ended apart: should this fail, look whether it still must be."""
    close = inspect.getsource(kafka.KafkaProducer.close)
    flushed = close.index("self.flush(timeout)")
    assert flushed < close.index("force_close()")
    assert "try" not in close[:flushed].rpartition("TIMEOUT_MAX")[2]
    assert issubclass(Sender, threading.Thread)
    assert "self.initiate_close()" in inspect.getsource(Sender.force_close)


def test_a_question_that_ran_out_of_time_answers_the_next_one() -> None:
    """Why it is forgotten before each: should this fail, look whether it still must be."""
    source = inspect.getsource(ConsumerCoordinator.fetch_committed_offsets_async)
    assert "future_key = frozenset(partitions)" in source
    assert "future = self._offset_fetch_futures[future_key]" in source
    forgotten = source.index("del self._offset_fetch_futures[future_key]")
    assert source.rindex("if future.is_done:", 0, forgotten) > source.index("KafkaTimeoutError")


def test_a_join_that_is_answered_after_its_poll_is_told_nobody() -> None:
    """Why it is looked for before each poll: should this fail, look whether it still must be."""
    source = inspect.getsource(BaseCoordinator.join_group_async)
    waits = source.index("while self.need_rejoin():")
    given_up = source.index("except Errors.KafkaTimeoutError:")
    told = source.index("self.rejoining = False")
    assert waits < source.index("self._join_task.is_done") < given_up < told
    assert "return False" in source[given_up:told]
    assert "def request_rejoin" in inspect.getsource(BaseCoordinator)


def test_a_heartbeat_that_is_fenced_stops_and_tells_nobody() -> None:
    source = inspect.getsource(BaseCoordinator._do_heartbeat)
    fenced = source[source.index("FencedInstanceIdError") :]
    assert fenced.index("self._disable_heartbeat()") < fenced.index("else:")
    assert "raise" not in fenced[: fenced.index("else:")]


def batch(values: list[bytes], base_offset: int = 0, **told: Any) -> bytes:
    options = {"is_transactional": 0, "producer_id": -1, "producer_epoch": -1, **told}
    builder = DefaultRecordBatchBuilder(
        2,
        0,
        options["is_transactional"],
        options["producer_id"],
        options["producer_epoch"],
        -1,
        1 << 20,
    )
    for number, value in enumerate(values):
        builder.append(number, 7, b"key", value, [])
    made = bytearray(builder.build())
    made[0:8] = base_offset.to_bytes(8, "big")
    return bytes(made)


class Aborted:
    def __init__(self, producer_id: int, first_offset: int) -> None:
        self.producer_id, self.first_offset = producer_id, first_offset


def unpacked(log: bytes, offset: int = 0, aborted: list[Aborted] | None = None) -> TolerantRecords:
    return TolerantRecords(
        offset,
        PLACE,
        MemoryRecords(log),
        isolation_level=IsolationLevel.READ_COMMITTED,
        aborted_transactions=aborted,
    )


def test_batches_follow_one_another() -> None:
    records = unpacked(batch([b"a", b"b"]) + batch([b"c"], base_offset=2))
    assert [record.value for record in records.take(2)] == [b"a", b"b"]
    assert records.next_fetch_offset == 2
    assert [record.value for record in records.take(9)] == [b"c"]
    assert records.next_fetch_offset == 3
    assert not records


def test_reading_begins_in_the_middle_of_a_batch() -> None:
    records = unpacked(batch([b"a", b"b", b"c"]), offset=1)
    assert [record.offset for record in records.take()] == [1, 2]


def test_a_batch_whose_checksum_does_not_fit_is_one_unreadable_record_and_the_next_is_read() -> (
    None
):
    damaged = bytearray(batch([b"aaaa", b"bbbb"]))
    damaged[-2] ^= 0xFF
    records = unpacked(bytes(damaged) + batch([b"c"], base_offset=2)).take()
    assert [record.value for record in records] == [None, b"c"]
    assert records[0].unreadable == (
        "unreadable at offsets 0 to 1: its checksum is not that of its bytes"
    )


def test_what_an_aborted_transaction_wrote_is_passed_over() -> None:
    told = {"is_transactional": 1, "producer_id": 5, "producer_epoch": 0}
    log = batch([b"aborted"], 0, **told) + batch([b"kept"], base_offset=1)
    assert [r.value for r in unpacked(log, aborted=[Aborted(5, 0)]).take()] == [b"kept"]
    assert [r.value for r in unpacked(log).take()] == [b"aborted", b"kept"]


def test_a_log_of_nothing_but_what_is_passed_over_is_gone_past() -> None:
    told = {"is_transactional": 1, "producer_id": 5, "producer_epoch": 0}
    records = unpacked(batch([b"aborted"] * 3, 0, **told), aborted=[Aborted(5, 0)])
    assert records.take() == []
    assert records.next_fetch_offset == 3
    assert not records
