"""Following a topic in a consumer group for what is done beside the stream, at least once.

Nothing is published with a proof of membership here, so one client does for both, the group and the
reading; a replica that was frozen may do once more what another has done meanwhile.
"""

from __future__ import annotations

from typing import Any

from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.assignment import Position
from textwire.stream.kafka.connecting import connect_consumer, translated_errors
from textwire.stream.kafka.member import as_kafka_offsets
from textwire.wire.record import Record
from textwire.wire.topic import Topic

# It is answered within milliseconds.
COMMITTED_WITHIN_MS = 2000


class TopicFollower:
    """One replica's share of a topic, a record at a time."""

    def __init__(
        self,
        topic: Topic,
        group: str,
        replica: int,
        stream: StreamSettings,
        kafka: KafkaSettings | None = None,
    ) -> None:
        """Join the group; where it never committed it begins at the topic's beginning.

        Raises: BrokerUnavailable.
        """
        instance = f"{group}-{replica}"
        self._topic = topic
        self._consumer: Any = connect_consumer(
            kafka,
            group_id=group,
            group_instance_id=instance,
            client_id=instance,
            session_timeout_ms=stream.session_timeout_ms,
            heartbeat_interval_ms=stream.session_timeout_ms // 4,
            # Between two polls the group waits for what is done with one record, not with all.
            max_poll_records=1,
        )
        self._consumer.subscribe([topic.name])

    def poll(self, timeout_s: float) -> list[Record]:
        """The next record, once it has come; empty after `timeout_s` without any.

        Raises: BrokerUnavailable.
        """
        with translated_errors(f"reading {self._topic.name}"):
            polled = self._consumer.poll(timeout_ms=int(timeout_s * 1000))
        return [record for records in polled.values() for record in records]

    def done_with(self, record: Record) -> None:
        """Go on after it, also after a restart.

        Raises: BrokerUnavailable: also where the partition has gone to another replica.
        """
        position = Position(record.offset + 1, "")
        with translated_errors(f"going on on {self._topic.name}"):
            self._consumer.commit(
                as_kafka_offsets({record.partition: position}), timeout_ms=COMMITTED_WITHIN_MS
            )

    def close(self, timeout_s: float) -> None:
        """Let the connection go."""
        self._consumer.close(timeout_ms=int(timeout_s * 1000))
