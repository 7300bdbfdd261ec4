"""Where partitions begin and end, asked through any consumer, within a bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import kafka
from kafka import errors as kafka_errors
from kafka.structs import TopicPartition

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


def _asked(ask: Any, places: Sequence[TopicPartition], within_ms: float) -> Offsets:
    try:
        return dict(ask(list(places), timeout_ms=within_ms))
    except KeyError as error:
        # So the client says that a leader was gone before it answered: kafka-python 3.0.12 looks
        # for it among the answers all the same.
        raise kafka_errors.LeaderNotAvailableError(f"no answer for {error}") from error
