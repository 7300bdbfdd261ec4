"""The edge to Apache Kafka: clients' settings, the making of topics, the telling of errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import kafka
from kafka import errors as kafka_errors
from kafka.admin import NewTopic

from textwire.addresses import bootstrap_servers
from textwire.errors import BrokerUnavailable, SettingsError
from textwire.settings import KafkaSettings, load
from textwire.topics import Topic, dead_letter_config


def client_settings(settings: KafkaSettings | None = None) -> dict[str, Any]:
    """What every client is told: addresses and credentials."""
    kafka_settings = settings or load(KafkaSettings)
    password = kafka_settings.sasl_password
    return {
        "bootstrap_servers": bootstrap_servers(kafka_settings).split(","),
        "bootstrap_timeout_ms": 5000,  # by default 30 s: too long to learn that a broker is away
        "security_protocol": kafka_settings.security_protocol,
        "ssl_cafile": kafka_settings.ssl_cafile,
        "sasl_mechanism": kafka_settings.sasl_mechanism,
        "sasl_plain_username": kafka_settings.sasl_username,
        "sasl_plain_password": password.get_secret_value() if password else None,
    }


@contextmanager
def translated_errors(doing: str) -> Iterator[None]:
    """Tell the client library's errors in our words; what may pass becomes BrokerUnavailable."""
    try:
        yield
    except kafka_errors.FencedInstanceIdError as error:
        raise SettingsError(
            f"Another process works as this replica, by the same number ({error}). Give each "
            "replica a number of its own: TEXTWIRE_SERVICE_REPLICA=0, 1, 2 and so on."
        ) from error
    except kafka_errors.KafkaError as error:
        if not may_pass(error):
            raise
        raise BrokerUnavailable(
            f"Kafka does not answer while {doing}: {error}. Is it up? See `textwire status`."
        ) from error


def may_pass(error: kafka_errors.KafkaError) -> bool:
    """Whether trying again may help."""
    return bool(error.retriable)


def create_topics(topics: Iterable[Topic], settings: KafkaSettings | None = None) -> list[str]:
    """Create the topics that are missing, each with the topic of its dead letters.

    Returns: the names that were created.
    Raises:  BrokerUnavailable.
    """
    kafka_settings = settings or load(KafkaSettings)
    wanted = {new.name: new for topic in topics for new in _as_new_topics(topic, kafka_settings)}
    with translated_errors("creating topics"):
        admin = kafka.KafkaAdminClient(**client_settings(settings))
        try:
            missing = [new for name, new in wanted.items() if name not in set(admin.list_topics())]
            return [new.name for new in missing if _create(admin, new)]
        finally:
            admin.close()


def _create(admin: kafka.KafkaAdminClient, new: NewTopic) -> bool:
    try:
        admin.create_topics([new], timeout_ms=10_000)
    except kafka_errors.TopicAlreadyExistsError:
        return False  # another process was quicker
    return True


def _as_new_topics(topic: Topic, settings: KafkaSettings) -> list[NewTopic]:
    replicas, dead = settings.replication_factor, dead_letter_config(settings.dead_letter_days)
    return [
        NewTopic(topic.name, topic.partitions, replicas, topic_configs=topic.broker_config),
        NewTopic(topic.dead, 1, replicas, topic_configs=dead),
    ]
