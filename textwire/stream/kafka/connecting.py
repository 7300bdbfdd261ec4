"""The edge to Apache Kafka: clients' settings, the making of topics, the telling of errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import kafka
from kafka import errors as kafka_errors
from kafka.admin import NewTopic

from textwire.addresses import bootstrap_servers
from textwire.errors import BrokerUnavailable, ReplicaTaken
from textwire.settings import KafkaSettings, load
from textwire.stream.kafka.internals import NOT_LET_IN, read_tolerantly, refusal_since
from textwire.wire.topic import Topic, dead_letter_config

# How long an answer of a broker is waited for: it comes within milliseconds, and a leader that died
# is replaced within seconds.
ANSWERED_WITHIN_MS = 10_000


def client_settings(settings: KafkaSettings | None = None) -> dict[str, Any]:
    """What every client is told: addresses and credentials."""
    kafka_settings = settings or load(KafkaSettings)
    password = kafka_settings.sasl_password
    return {
        "bootstrap_servers": bootstrap_servers(kafka_settings).split(","),
        # By default 30 s: too long to learn that a broker is away.
        "bootstrap_timeout_ms": min(5000, int(kafka_settings.answer_timeout_s * 1000)),
        "security_protocol": kafka_settings.security_protocol,
        "ssl_cafile": kafka_settings.ssl_cafile,
        "sasl_mechanism": kafka_settings.sasl_mechanism,
        "sasl_plain_username": kafka_settings.sasl_username,
        "sasl_plain_password": password.get_secret_value() if password else None,
    }


def connect_consumer(settings: KafkaSettings | None = None, **options: Any) -> kafka.KafkaConsumer:
    """A consumer that no record stops, and that hands out `Record`s; it commits nothing by itself.

    Raises: BrokerUnavailable.
    """
    chosen = {
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "allow_auto_create_topics": False,
        "request_timeout_ms": ANSWERED_WITHIN_MS,
        "reconnect_backoff_max_ms": 1000,
    }
    with translated_errors("connecting"):
        consumer = kafka.KafkaConsumer(**{**client_settings(settings), **chosen, **options})
    read_tolerantly(consumer)
    return consumer


@contextmanager
def translated_errors(doing: str) -> Iterator[None]:
    """Tell the client library's errors in our words: whatever it is, it may be mended meanwhile."""
    began_s = monotonic()
    try:
        yield
    except kafka_errors.FencedInstanceIdError as error:
        raise ReplicaTaken(
            "Another process works as this replica, by the same number. Give each replica a "
            "number of its own: TEXTWIRE_SERVICE_REPLICA=0, 1, 2 and so on."
        ) from error
    except NOT_LET_IN as error:
        raise _not_let_in(doing, error) from error
    except kafka_errors.AuthorizationError as error:
        raise BrokerUnavailable(
            f"Kafka does not allow it while {doing}: {error}. Give this user the right to read and "
            "write the topics, groups and transactional ids that it names."
        ) from error
    except kafka_errors.InvalidTimestampError as error:
        raise BrokerUnavailable(
            f"Kafka refuses the time of day of this machine while {doing}: {error}. Set the clock; "
            "topics that services write to may take the broker's own: set their "
            "message.timestamp.type to LogAppendTime."
        ) from error
    except kafka_errors.KafkaError as error:
        if refusal := refusal_since(began_s):
            raise _not_let_in(doing, refusal) from error
        answer = "does not answer" if error.retriable else "refuses"
        raise BrokerUnavailable(
            f"Kafka {answer} while {doing}: {error}. Is it up? See `textwire status`."
        ) from error
    except OSError as error:  # no file descriptor is left, a certificate's file is not there
        raise BrokerUnavailable(f"Kafka cannot be asked while {doing}: {error}.") from error


def _not_let_in(doing: str, reason: object) -> BrokerUnavailable:
    return BrokerUnavailable(
        f"Kafka does not let us in while {doing}: {reason}. "
        "Check kafka.sasl_mechanism, kafka.sasl_username and kafka.sasl_password."
    )


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
        admin.create_topics([new], timeout_ms=ANSWERED_WITHIN_MS)
    except kafka_errors.TopicAlreadyExistsError:
        return False  # another process was quicker
    return True


def _as_new_topics(topic: Topic, settings: KafkaSettings) -> list[NewTopic]:
    replicas, dead = settings.replication_factor, dead_letter_config(settings.dead_letter_days)
    return [
        NewTopic(topic.name, topic.partitions, replicas, topic_configs=topic.broker_config),
        NewTopic(topic.dead, 1, replicas, topic_configs=dead),
    ]
