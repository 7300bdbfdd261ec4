"""A member of a Kafka consumer group as a record source."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import kafka
from kafka import errors as kafka_errors
from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import OffsetAndMetadata, TopicPartition

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.headers import from_pairs
from textwire.stream.kafka import client_settings, translated_errors
from textwire.stream.records import Partition, Record
from textwire.stream.source import Ownership

# How long one question to the broker may hold up polling; it answers within a few milliseconds.
BROKER_ANSWERS_WITHIN_MS = 2000
# A fetch that waits does not learn of a resumed partition, so a wait is kept short.
FETCH_MAX_WAIT_MS = 100
# By default five minutes: too long until partitions that were added are read.
METADATA_MAX_AGE_MS = 15_000
# How soon it is noticed that the batch in hand is done with what is released.
RELEASED_CHECK_S = 0.02
COMMIT_REFUSED = (
    kafka_errors.CommitFailedError,
    kafka_errors.IllegalGenerationError,
    kafka_errors.RebalanceInProgressError,
    kafka_errors.UnknownMemberIdError,
)


class KafkaSource:
    """A replica's place in its group, with static membership and cooperative rebalancing.

    A replica that returns within the session timeout finds its partitions as it left them, and a
    rebalance takes from it only what moves.
    """

    def __init__(
        self,
        topics: tuple[str, ...],
        group: str,
        replica: int,
        stream: StreamSettings,
        kafka_settings: KafkaSettings | None = None,
    ) -> None:
        self._topics = topics
        self._group = group
        self._instance = f"{group}-{replica}"
        self._stream = stream
        self._kafka = kafka_settings
        self._topic_ids: dict[str, str] = {}
        self._consumer: Any = None
        self._releases = _Releases(stream.rebalance_timeout_s)

    def start(self, ownership: Ownership) -> None:
        """Join the group."""
        with translated_errors("joining the group"):
            self._topic_ids = self._read_topic_ids()
            self._consumer = kafka.KafkaConsumer(
                **client_settings(self._kafka),
                group_id=self._group,
                group_instance_id=self._instance,
                client_id=self._instance,
                partition_assignment_strategy=[CooperativeStickyAssignor],
                # Offsets of a transaction that is still open are waited for, not passed over.
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                session_timeout_ms=self._stream.session_timeout_ms,
                heartbeat_interval_ms=self._stream.session_timeout_ms // 4,
                max_poll_records=self._stream.max_buffered_records,
                fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
                metadata_max_age_ms=METADATA_MAX_AGE_MS,
                retry_backoff_ms=20,
                reconnect_backoff_max_ms=1000,
            )
            sleep = self._consumer._net.sleep
            listener = _RebalanceListener(ownership, self._releases, sleep)
            self._consumer.subscribe(list(self._topics), listener=listener)
            # A leader that joins before it knows the topics' partitions gives none to anyone.
            for topic in self._topics:
                self._consumer.partitions_for_topic(topic)

    def poll(self, timeout_s: float) -> list[Record]:
        """What has arrived."""
        with translated_errors("polling"):
            polled = self._consumer.poll(timeout_ms=int(timeout_s * 1000))
        return [_as_record(record) for records in polled.values() for record in records]

    def pause(self, partitions: Iterable[Partition]) -> None:
        """Fetch nothing more of these partitions, as far as they are still owned."""
        self._consumer.pause(*self._still_assigned(partitions))

    def resume(self, partitions: Iterable[Partition]) -> None:
        """Fetch them again, as far as they are still owned."""
        self._consumer.resume(*self._still_assigned(partitions))

    def owned(self) -> set[Partition]:
        """The partitions that are this replica's now.

        Those being released are: the client drops them from its assignment before it asks us, but
        the group gives them to nobody until we have answered.
        """
        assigned = {Partition(p.topic, p.partition) for p in self._consumer.assignment()}
        return assigned | self._releases.partitions()

    def membership(self) -> Any:
        """The group's metadata as of now."""
        return self._consumer.group_metadata()

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Commit where reading goes on."""
        if not offsets:
            return
        try:
            with translated_errors("committing offsets"):
                self._consumer.commit(
                    as_kafka_offsets(offsets), timeout_ms=BROKER_ANSWERS_WITHIN_MS
                )
        except COMMIT_REFUSED as error:
            raise BrokerUnavailable(f"The group is rebalancing: {error}") from error

    def lag(self) -> dict[Partition, int]:
        """Records of each owned partition that were not polled yet."""
        assigned = self._consumer.assignment()
        if not assigned:
            return {}
        with translated_errors("asking for the newest offsets"):
            ends = self._consumer.end_offsets(list(assigned), timeout_ms=BROKER_ANSWERS_WITHIN_MS)
            return {
                Partition(p.topic, p.partition): max(0, end - self._position(p))
                for p, end in ends.items()
            }

    def topic_id(self, topic: str) -> str:
        """The broker's id of a topic, as of the start."""
        return self._topic_ids[topic]

    def close(self, timeout_s: float) -> None:
        """Leave the group."""
        self._releases.wait_no_more()
        if self._consumer is not None:
            self._consumer.close(timeout_ms=int(timeout_s * 1000))

    def _position(self, partition: TopicPartition) -> int:
        return self._consumer.position(partition, timeout_ms=BROKER_ANSWERS_WITHIN_MS) or 0

    def _still_assigned(self, partitions: Iterable[Partition]) -> list[TopicPartition]:
        assigned = self._consumer.assignment()
        wished = [TopicPartition(*partition) for partition in partitions]
        return [partition for partition in wished if partition in assigned]

    def _read_topic_ids(self) -> dict[str, str]:
        admin = kafka.KafkaAdminClient(**client_settings(self._kafka))
        try:
            described = admin.describe_topics(list(self._topics))
        finally:
            admin.close()
        return {topic["name"]: str(topic["topic_id"]) for topic in described}


@dataclass
class _Release:
    """Partitions that the group waits for."""

    partitions: list[Partition]
    ends_at: float
    is_done: bool = False

    def done(self) -> None:
        """No batch in hand holds them any more. Any thread may say so."""
        self.is_done = True

    @property
    def is_due(self) -> bool:
        """Whether they can go."""
        return self.is_done or monotonic() >= self.ends_at


class _Releases:
    """What the group waits for, each until the batch in hand is done with it or time is up."""

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self._waiting: list[_Release] = []

    def begin(self, partitions: list[Partition]) -> _Release:
        """These are waited for from now on."""
        release = _Release(partitions, monotonic() + self._wait_s)
        self._waiting = [*self._waiting, release]
        return release

    def end(self, release: _Release) -> None:
        """These have gone."""
        self._waiting = [other for other in self._waiting if other is not release]

    def partitions(self) -> set[Partition]:
        """Those that have not gone yet. Any thread may ask."""
        return {partition for release in self._waiting for partition in release.partitions}

    def wait_no_more(self) -> None:
        """Let everything go, now and from now on."""
        self._wait_s = 0.0
        for release in self._waiting:
            release.done()


class _RebalanceListener(AsyncConsumerRebalanceListener):  # type: ignore[misc]
    """Gives the batch in hand the time to be committed before its partitions go.

    It runs on the client's own thread, which must not be held up: heartbeats are sent from there.
    """

    def __init__(
        self,
        ownership: Ownership,
        releases: _Releases,
        sleep: Callable[[float], Coroutine[Any, Any, None]],
    ) -> None:
        """`sleep` is the client's, beside which its thread does other things."""
        self._ownership = ownership
        self._releases = releases
        self._sleep = sleep

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        partitions = [Partition(p.topic, p.partition) for p in revoked]
        release = self._releases.begin(partitions)
        self._ownership.release(partitions, release.done)
        while not release.is_due:
            await self._sleep(RELEASED_CHECK_S)
        self._releases.end(release)
        self._ownership.lose(partitions)

    async def on_partitions_lost(self, lost: Iterable[TopicPartition]) -> None:
        self._ownership.lose([Partition(p.topic, p.partition) for p in lost])

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing to do: reading goes on where the group's offsets say."""


def as_kafka_offsets(offsets: Mapping[Partition, int]) -> dict[TopicPartition, OffsetAndMetadata]:
    """Offsets as the client library wants them."""
    return {
        TopicPartition(*partition): OffsetAndMetadata(offset, "", -1)
        for partition, offset in offsets.items()
    }


def _as_record(record: Any) -> Record:
    return Record(
        Partition(record.topic, record.partition),
        record.offset,
        record.key,
        record.value,
        from_pairs(record.headers),
        record.timestamp,
    )
