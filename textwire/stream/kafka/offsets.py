"""Offsets as the client has them: committed ones, and where partitions begin and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import kafka
from kafka import errors as kafka_errors
from kafka.structs import OffsetAndMetadata, TopicPartition

from textwire.stream.assignment import Position
from textwire.wire.record import Partition

Offsets = dict[TopicPartition, int]


def begins_of(
    consumer: kafka.KafkaConsumer, places: Sequence[TopicPartition], within_ms: float
) -> Offsets:
    """The first offset of each that there still is.

    Raises: KafkaError: no answer within the bound, or not of every partition.
    """
    return _asked(consumer.beginning_offsets, places, within_ms)


def ends_of(
    consumer: kafka.KafkaConsumer, places: Sequence[TopicPartition], within_ms: float
) -> Offsets:
    """The offset that the next record of each will have.

    Raises: KafkaError: no answer within the bound, or not of every partition.
    """
    return _asked(consumer.end_offsets, places, within_ms)


def as_kafka_offsets(
    positions: Mapping[Partition, Position],
) -> dict[TopicPartition, OffsetAndMetadata]:
    """Positions as the client wants them; the topic's id travels as the offset's metadata."""
    return {
        TopicPartition(*partition): OffsetAndMetadata(
            position.offset, position.topic_id, position.epoch
        )
        for partition, position in positions.items()
    }


def as_position(committed: OffsetAndMetadata) -> Position:
    """The same the other way round."""
    epoch = -1 if committed.leader_epoch is None else committed.leader_epoch
    return Position(committed.offset, committed.metadata or "", epoch)


def _asked(ask: Any, places: Sequence[TopicPartition], within_ms: float) -> Offsets:
    try:
        return dict(ask(list(places), timeout_ms=within_ms))
    except KeyError as error:
        # So the client says that a leader was gone before it answered: kafka-python 3.0.12 looks
        # for it among the answers all the same.
        raise kafka_errors.LeaderNotAvailableError(f"no answer for {error}") from error
