"""Follows what comes out, as a program of others would: `read_committed`, in no group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Event, Thread
from typing import Any

import kafka
from kafka import TopicPartition
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from tests.chaos.ledger import Answered, Dead, Ledger, Place
from textwire.stream.dead_letters import letters as dead_letters

POLL_MS = 200
# What is late to be seen must not be taken for late to be answered: a broker that is dead or no
# longer leads is given up soon.
REQUEST_TIMEOUT_MS = 5_000
METADATA_MAX_AGE_MS = 2_000
RECONNECTS_AFTER_S = 0.5

Reads = Mapping[str, Callable[[bytes], Answered | None]]
"""How an answer is read, by topic; what is read as None is no answer."""


class Follower(Thread):
    """Tells the ledger of every answer and every dead letter, once each."""

    def __init__(
        self, bootstrap_servers: str, reads: Reads, dead_topics: Iterable[str], ledger: Ledger
    ) -> None:
        super().__init__(name="follower", daemon=True)
        self._servers, self._reads, self._ledger = bootstrap_servers, reads, ledger
        self._dead_topics = tuple(dead_topics)
        self._next: dict[TopicPartition, int] = {}
        self._stopping = Event()

    def run(self) -> None:
        """Follow until stopped; brokers that are away are waited for."""
        while not self._stopping.is_set():
            try:
                self._follow()
            except KafkaError:
                self._stopping.wait(RECONNECTS_AFTER_S)

    def stop(self) -> None:
        """Follow no more."""
        self._stopping.set()
        self.join()

    def _follow(self) -> None:
        consumer = self._connect()
        try:
            self._take_up(consumer)
            while not self._stopping.is_set():
                for partition, records in consumer.poll(timeout_ms=POLL_MS).items():
                    self._tell(records)
                    self._next[partition] = records[-1].offset + 1
        finally:
            consumer.close(timeout_ms=1000)

    def _connect(self) -> Any:
        return kafka.KafkaConsumer(
            bootstrap_servers=self._servers.split(","),
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            reconnect_backoff_max_ms=500,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
        )

    def _take_up(self, consumer: Any) -> None:
        """Go on in every topic.

        Raises: KafkaError: one is not known yet, as on a busy machine just after it was made. A
                follower that goes on without it sees nothing, and all would count as lost.
        """
        partitions: list[TopicPartition] = []
        for topic in (*self._reads, *self._dead_topics):
            numbers = consumer.partitions_for_topic(topic)
            if not numbers:
                raise UnknownTopicOrPartitionError(topic)
            partitions += [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        for partition in partitions:
            consumer.seek(partition, self._next.get(partition, 0))

    def _tell(self, records: Iterable[Any]) -> None:
        answers: list[Answered] = []
        dead: list[Dead] = []
        for record in records:
            if record.topic in self._dead_topics:
                dead.append(_dead(record))
            elif answer := self._reads[record.topic](record.value):
                place = Place(record.topic, record.partition, record.offset)
                answers.append(answer._replace(place=place))
        self._ledger.saw(answers, dead)


def _dead(record: Any) -> Dead:
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    place = Place(
        headers[dead_letters.SOURCE_TOPIC],
        int(headers[dead_letters.SOURCE_PARTITION]),
        int(headers[dead_letters.SOURCE_OFFSET]),
    )
    return Dead(place, headers.get(dead_letters.REASON, ""))
