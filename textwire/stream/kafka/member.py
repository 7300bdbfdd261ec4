"""A member of a Kafka consumer group, and nothing else: it reads no records.

Membership is static: a replica that returns within the session timeout finds its place as it left
it. Rebalances are eager: everybody lets go of everything before anybody is given anything, so at no
moment do two replicas hold a partition, whatever one of them slept through
(docs/decisions/everybody-lets-go-first.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from time import monotonic
from typing import Any

import kafka
import structlog
from kafka import errors as kafka_errors
from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.structs import TopicPartition

from textwire.errors import BrokerUnavailable, ReplicaTaken
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stream.assignment import Position
from textwire.stream.kafka.connecting import connect_consumer, translated_errors
from textwire.stream.kafka.internals import committed, is_fenced, joins_anew_if_untold, sleep_of
from textwire.stream.kafka.lookup import KafkaLookup
from textwire.stream.kafka.offsets import as_kafka_offsets, as_position
from textwire.stream.source import Holder
from textwire.wire.record import Partition

# How long one question to the group is waited for. It is answered within milliseconds, unless a
# transaction is open that moves what is asked for.
BROKER_ANSWERS_WITHIN_MS = 1000
# How soon it is noticed that the batch in hand is done with what is released.
RELEASED_CHECK_S = 0.02
# How soon partitions that were added are seen, and a topic that is gone; by default five minutes.
METADATA_MAX_AGE_MS = 5_000
# Beyond the time that everybody has for their batch in hand: who has not joined by then is left
# out, so that one replica that hangs does not keep all others waiting (by default five minutes).
JOINED_WITHIN_MS = 10_000
# A join takes milliseconds; on a busy machine, longer than a usual poll waits.
JOINED_ANEW_WITHIN_S = 2.0

log = structlog.get_logger()


class KafkaMember:
    """A replica's place in its group."""

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
        self._lookup = KafkaLookup(kafka_settings)
        self._holder: Holder | None = None
        self._consumer: Any = None
        self._leaving = Event()

    def start(self, holder: Holder) -> None:
        """Connect."""
        self._holder = holder
        if self._consumer is None:
            self._consumer = self._connect(holder)

    def poll(self, timeout_s: float) -> None:
        """Keep the place. A client that fails is given up; the next poll takes the place again."""
        if self._consumer is None and self._holder is not None:
            self._consumer = self._connect(self._holder)
        try:
            with translated_errors("keeping the place in the group"):
                untold = joins_anew_if_untold(self._consumer)
                wait_s = max(timeout_s, JOINED_ANEW_WITHIN_S) if untold else timeout_s
                self._consumer.poll(timeout_ms=int(wait_s * 1000))
                self._require_the_place()
        except (BrokerUnavailable, ReplicaTaken):
            self._give_up(timeout_s=0)
            raise
        except Exception as error:
            # Whatever the client stumbles over: a new one takes the place, which is kept for us.
            log.exception("the group's client failed", group=self._group)
            self._give_up(timeout_s=0)
            raise BrokerUnavailable(f"The group's client failed: {error!r}") from error

    def is_taken(self) -> bool:
        """Whether a process that took our place is still in the group."""
        return self._instance in self._lookup.static_members(self._group)

    def topic_ids(self) -> dict[str, str]:
        """The broker's ids of the topics now."""
        return self._lookup.topic_ids(self._topics)

    def committed(self, partition: Partition) -> Position | None:
        """Where the group goes on.

        Raises: BrokerUnavailable: Kafka does not say, or not yet.
        """
        with self._asking("asking where the group goes on") as consumer:
            try:
                found = committed(consumer, TopicPartition(*partition), BROKER_ANSWERS_WITHIN_MS)
            except kafka_errors.KafkaTimeoutError as error:
                raise BrokerUnavailable(
                    f"Kafka does not say yet where the group goes on in {partition.topic}/"
                    f"{partition.number}. Whoever had it before may have left a transaction open, "
                    "which Kafka ends within some 10 s; or Kafka does not answer: see `textwire "
                    "status`."
                ) from error
        return None if found is None else as_position(found)

    def commit(self, positions: Mapping[Partition, Position]) -> None:
        """Commit where reading goes on."""
        if positions:
            with self._asking("committing offsets") as consumer:
                consumer.commit(as_kafka_offsets(positions), timeout_ms=BROKER_ANSWERS_WITHIN_MS)

    def close(self, timeout_s: float) -> None:
        """Let the connections go; what is in hand is waited for no more."""
        self._leaving.set()
        self._give_up(timeout_s)
        self._lookup.close()

    def _require_the_place(self) -> None:
        if is_fenced(self._consumer):
            raise kafka_errors.FencedInstanceIdError(self._instance)

    @contextmanager
    def _asking(self, doing: str) -> Iterator[Any]:
        """The client as it is now. Another thread may be giving it up meanwhile."""
        consumer = self._consumer
        if consumer is None:
            raise BrokerUnavailable(f"The group is not joined while {doing}.")
        try:
            with translated_errors(doing):
                yield consumer
        except RuntimeError as error:  # how the client says that it was closed
            raise BrokerUnavailable(f"The group was left while {doing}: {error}") from error

    def _connect(self, holder: Holder) -> Any:
        session_ms = self._stream.session_timeout_ms
        in_hand_ms = int(self._stream.rebalance_timeout_s * 1000)
        consumer = connect_consumer(
            self._kafka,
            group_id=self._group,
            group_instance_id=self._instance,
            client_id=self._instance,
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=session_ms // 4,
            max_poll_interval_ms=in_hand_ms + JOINED_WITHIN_MS,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            retry_backoff_ms=50,
        )
        listener = _Listener(consumer, holder, self._stream.rebalance_timeout_s, self._leaving)
        consumer.subscribe(list(self._topics), listener=listener)
        # A leader that joins before it knows the topics' partitions gives none to anyone.
        with translated_errors("joining the group"):
            for topic in self._topics:
                consumer.partitions_for_topic(topic)
        return consumer

    def _give_up(self, timeout_s: float) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is None:
            return
        if self._holder is not None:
            self._holder.lose()
        try:
            consumer.close(timeout_ms=int(timeout_s * 1000))
        except (kafka_errors.KafkaError, RuntimeError) as error:  # it is of no use any more
            log.info("the group's client did not close well", group=self._group, error=str(error))


class _Listener(AsyncConsumerRebalanceListener):  # type: ignore[misc]
    """Hears of rebalances, on the client's own thread, which must not be held up.

    Before a rebalance the batch in hand gets the time to be committed; the group waits for that.
    """

    def __init__(
        self, consumer: kafka.KafkaConsumer, holder: Holder, wait_s: float, leaving: Event
    ) -> None:
        self._consumer = consumer
        self._holder = holder
        self._wait_s = wait_s
        self._leaving = leaving
        self._sleep = sleep_of(consumer)

    async def on_partitions_revoked(self, _revoked: Iterable[TopicPartition]) -> None:
        released = Event()
        self._holder.release(released.set)
        until = monotonic() + self._wait_s
        while not (released.is_set() or self._leaving.is_set()) and monotonic() < until:
            await self._sleep(RELEASED_CHECK_S)
        self._holder.lose()

    async def on_partitions_lost(self, _lost: Iterable[TopicPartition]) -> None:
        self._holder.lose()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        places = list(assigned)
        self._consumer.pause(*places)  # before anything was fetched: this client reads nothing
        proof = self._consumer.group_metadata()
        partitions = frozenset(Partition(place.topic, place.partition) for place in places)
        self._holder.assigned(proof.generation_id, proof, partitions)
