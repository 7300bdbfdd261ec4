"""Transactions on the real Kafka, whose client drops one and calls its commit done."""

from __future__ import annotations

import time
from typing import Any

import pytest
from kafka.producer.transaction_manager import ProducerIdAndEpoch

from tests.contracts.worlds import KafkaWorld, Reading, poll
from textwire.errors import BrokerUnavailable
from textwire.stream.kafka_publisher import TransactionalPublisher
from textwire.stream.records import OutgoingRecord

# Longer than the offsets of a transaction take: its record is sent after them.
LINGER_MS = 500


class OfAnEpochThatIsOver(TransactionalPublisher):
    """Its record is sent under the epoch before, as happens when two take one id from each other.

    The broker refuses it, and the client begins a new epoch and forgets the transaction.
    """

    def _transacting(self) -> Any:
        fresh = self._producer is None
        producer = super()._transacting()
        if fresh:
            _begin_second_epoch(producer)
            _send_under_the_first(producer)
        return producer


def _begin_second_epoch(producer: Any) -> None:
    transaction = producer._transaction_manager
    transaction.bump_producer_id_and_epoch()
    producer._sender.wakeup()
    ends_at = time.monotonic() + 10
    while transaction.producer_id_and_epoch.epoch != 1:
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def _send_under_the_first(producer: Any) -> None:
    transaction = producer._transaction_manager
    producer._accumulator.config["linger_ms"] = LINGER_MS
    add_offsets, begin_third = (
        transaction.send_offsets_to_transaction,
        transaction.bump_producer_id_and_epoch,
    )
    second = transaction.producer_id_and_epoch

    def add_and_go_back(*arguments: Any) -> Any:
        added = add_offsets(*arguments)
        producer._sender.wakeup()
        added.wait(timeout_ms=5_000)
        transaction.producer_id_and_epoch = ProducerIdAndEpoch(second.producer_id, 0)
        return added

    def begin_third_after_second() -> None:
        transaction.producer_id_and_epoch = second
        begin_third()

    transaction.send_offsets_to_transaction = add_and_go_back
    transaction.bump_producer_id_and_epoch = begin_third_after_second


def test_a_transaction_that_the_client_dropped_is_no_success(
    bootstrap_servers: str, unique_name: str
) -> None:
    world = KafkaWorld(bootstrap_servers, unique_name, "exactly_once")
    world.write([b"question"])
    publisher = OfAnEpochThatIsOver(f"{unique_name}-0", world.settings)
    later = TransactionalPublisher(f"{unique_name}-0", world.settings)
    with Reading(world) as source:
        [record] = poll(source, 1)
        answer = OutgoingRecord(world.echoes, b"key", b"answer")
        offsets = {record.partition: record.offset + 1}
        with pytest.raises(BrokerUnavailable, match="The transaction was not committed"):
            publisher.publish([answer], offsets, source.membership())
        assert world.read(world.echoes) == []
        later.publish([answer], offsets, source.membership())
    assert [record.value for record in world.read(world.echoes)] == [b"answer"]
    publisher.close(timeout_s=1)
    later.close(timeout_s=1)
    world.close()
