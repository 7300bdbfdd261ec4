"""What a topic is on the broker just now: which one of its name, and of how many partitions."""

from __future__ import annotations

from typing import NamedTuple

import kafka
from kafka import errors as kafka_errors

from textwire.settings import KafkaSettings
from textwire.stream.kafka.connecting import client_settings, translated_errors

ANSWERED_WITHIN_MS = 5000


class TopicShape(NamedTuple):
    """A topic that is deleted and made anew has another id; one may get more partitions."""

    topic_id: str
    partitions: tuple[int, ...]


class ShapeReader:
    """Asks the broker for one topic's shape, as often as one likes (about a millisecond each)."""

    def __init__(self, topic: str, settings: KafkaSettings | None = None) -> None:
        """Connect.

        Raises: BrokerUnavailable.
        """
        self._topic = topic
        with translated_errors("connecting"):
            self._admin = kafka.KafkaAdminClient(
                **client_settings(settings), request_timeout_ms=ANSWERED_WITHIN_MS
            )

    def read(self) -> TopicShape | None:
        """The shape, or None where there is no such topic.

        Raises: BrokerUnavailable, and KafkaError for what will not pass, such as a lacking right.
        """
        with translated_errors(f"asking for the topic {self._topic}"):
            [described] = self._admin.describe_topics([self._topic])
            error = kafka_errors.for_code(described["error_code"])
            if error is kafka_errors.UnknownTopicOrPartitionError:
                return None
            if error is not kafka_errors.NoError:
                raise error(self._topic)
        numbers = sorted(partition["partition_index"] for partition in described["partitions"])
        return TopicShape(str(described["topic_id"]), tuple(numbers))

    def close(self) -> None:
        """Let the connection go."""
        self._admin.close()
