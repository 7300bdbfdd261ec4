"""Where partitions begin and end: the broker says, or it is away."""

from __future__ import annotations

from typing import Any

import pytest
from kafka.consumer.fetcher import Fetcher
from kafka.structs import TopicPartition

from tests.contracts.worlds import KafkaWorld, numbered
from textwire.errors import BrokerUnavailable
from textwire.stream.kafka.connecting import connect_consumer, translated_errors
from textwire.stream.kafka.offsets import begins_of, ends_of


def test_a_partition_begins_and_ends_where_its_records_do(
    bootstrap_servers: str, unique_name: str
) -> None:
    world = KafkaWorld(bootstrap_servers, unique_name, "at_least_once")
    world.write(numbered(10), 0)
    consumer = connect_consumer(world.settings)
    places = [TopicPartition(world.words, number) for number in range(2)]
    assert begins_of(consumer, places, 5_000) == {places[0]: 0, places[1]: 0}
    assert ends_of(consumer, places, 5_000) == {places[0]: 10, places[1]: 0}
    consumer.close()
    world.close()


@pytest.mark.parametrize("ask", [begins_of, ends_of])
def test_a_leader_that_was_gone_before_it_answered_is_a_broker_that_is_away(
    ask: Any, bootstrap_servers: str, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = KafkaWorld(bootstrap_servers, unique_name, "at_least_once")
    consumer = connect_consumer(world.settings)

    async def answers_for_none(*_arguments: object) -> dict[TopicPartition, Any]:
        return {}

    monkeypatch.setattr(Fetcher, "_fetch_offsets_by_times_async", answers_for_none)
    refused = pytest.raises(BrokerUnavailable, match="does not answer while asking")
    with refused, translated_errors("asking"):
        ask(consumer, [TopicPartition(world.words, 0)], 1_000)
    consumer.close()
    world.close()
