"""A topic's shape, as the real broker tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import kafka
import pytest
from kafka import errors as kafka_errors

from tests.stream.loops import eventually
from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings
from textwire.stream.kafka.connecting import client_settings
from textwire.stream.kafka.topic_shape import ShapeReader, TopicShape


@pytest.fixture
def admin(bootstrap_servers: str) -> Iterator[kafka.KafkaAdminClient]:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    with closing(kafka.KafkaAdminClient(**client_settings(settings))) as admin:
        yield admin


@pytest.fixture
def shapes(bootstrap_servers: str, unique_name: str) -> Iterator[ShapeReader]:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    with closing(ShapeReader(unique_name, settings)) as shapes:
        yield shapes


def make(admin: kafka.KafkaAdminClient, name: str, partitions: int) -> None:
    def made() -> bool:
        try:
            admin.create_topics({name: {"num_partitions": partitions}})
        except kafka_errors.TopicAlreadyExistsError:
            return False
        return True

    eventually(made)


def shape_of(shapes: ShapeReader, partitions: int) -> TopicShape:
    """As soon as the broker tells of so many."""
    told: list[TopicShape] = []

    def is_told() -> bool:
        shape = shapes.read()
        told[:] = [shape] if shape else []
        return bool(shape) and len(shape.partitions) == partitions

    eventually(is_told)
    return told[0]


def test_a_topic_that_is_not_there_has_no_shape(shapes: ShapeReader) -> None:
    assert shapes.read() is None


def test_a_topic_keeps_its_id_as_it_grows_and_gets_another_when_made_anew(
    admin: kafka.KafkaAdminClient, shapes: ShapeReader, unique_name: str
) -> None:
    make(admin, unique_name, 1)
    first = shape_of(shapes, 1)
    assert first.partitions == (0,)
    admin.create_partitions({unique_name: 3})
    grown = shape_of(shapes, 3)
    assert (grown.topic_id, grown.partitions) == (first.topic_id, (0, 1, 2))
    admin.delete_topics([unique_name])
    eventually(lambda: shapes.read() is None)
    make(admin, unique_name, 3)
    assert shape_of(shapes, 3).topic_id != first.topic_id


def test_a_broker_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(BrokerUnavailable):
        ShapeReader("words", KafkaSettings(bootstrap_servers="127.0.0.1:1"))
