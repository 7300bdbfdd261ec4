"""Following a topic in a consumer group for what is done beside the stream, at least once.

Nothing is published with a proof of membership here, so one client does for both, the group and the
reading; a replica that was frozen may do once more what another has done meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.structs import TopicPartition

from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.assignment import Position
from textwire.stream.kafka.connecting import connect_consumer, translated_errors
from textwire.stream.kafka.offsets import as_kafka_offsets
from textwire.wire.record import Record
from textwire.wire.topic import Topic

# It is answered within milliseconds.
COMMITTED_WITHIN_MS = 2000
# How soon partitions that were added are seen; by default five minutes.
METADATA_MAX_AGE_MS = 5_000


class Share(NamedTuple):
    """The partitions that one replica has been given, and in which generation of its group."""

    generation: int = -1
    partitions: frozenset[int] = frozenset()


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
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            # Between two polls the group waits for what is done with one record, not with all.
            max_poll_records=1,
        )
        self._listener = _Listener(self._consumer)
        self._consumer.subscribe([topic.name], listener=self._listener)

    @property
    def share(self) -> Share:
        """What this replica has; none while the group is being joined."""
        return self._listener.share

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
        position = Position(record.offset + 1, "", record.leader_epoch)
        with translated_errors(f"going on on {self._topic.name}"):
            self._consumer.commit(
                as_kafka_offsets({record.partition: position}), timeout_ms=COMMITTED_WITHIN_MS
            )

    def close(self, timeout_s: float) -> None:
        """Let the connection go."""
        self._consumer.close(timeout_ms=int(timeout_s * 1000))


class _Listener(AsyncConsumerRebalanceListener):  # type: ignore[misc]
    """Hears of rebalances, on the client's own thread."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self.share = Share()

    async def on_partitions_revoked(self, _revoked: Iterable[TopicPartition]) -> None:
        self.share = Share()

    async def on_partitions_lost(self, _lost: Iterable[TopicPartition]) -> None:
        self.share = Share()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        generation = self._consumer.group_metadata().generation_id
        self.share = Share(generation, frozenset(place.partition for place in assigned))
