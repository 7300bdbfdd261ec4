"""Asks the brokers itself, by a client of its own: what they tell nobody, no service can know."""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Event, Thread
from typing import Any

import kafka
from kafka import TopicPartition
from kafka.errors import KafkaError

from tests.chaos.truth import Truth, Wrong

EVERY_S = 1.0
# As long as a service waits for the same.
ANSWERS_WITHIN_MS = 2_000


class BrokerProbe(Thread):
    """Asks every second where the partitions end; while that fails, something is wrong.

    With a client that is made anew after each failure, so that it is the brokers that fail.
    """

    def __init__(self, bootstrap_servers: str, topics: Iterable[str], truth: Truth) -> None:
        super().__init__(name="broker probe", daemon=True)
        self._servers, self._topics, self._truth = bootstrap_servers, tuple(topics), truth
        self._consumer: Any = None
        self._wrong: Wrong | None = None
        self._stopping = Event()

    def run(self) -> None:
        """Ask until stopped."""
        while not self._stopping.wait(EVERY_S):
            try:
                self._ask()
            except (KafkaError, KeyError):  # KeyError: a leader was gone before it answered
                self._failed()
            else:
                self._succeeded()
        self._disconnect()

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()
        self.join()

    def _ask(self) -> None:
        if self._consumer is None:
            self._consumer = kafka.KafkaConsumer(
                bootstrap_servers=self._servers.split(","),
                bootstrap_timeout_ms=ANSWERS_WITHIN_MS,
                isolation_level="read_committed",
                allow_auto_create_topics=False,
            )
        places = [
            TopicPartition(topic, number)
            for topic in self._topics
            for number in self._consumer.partitions_for_topic(topic) or ()
        ]
        self._consumer.end_offsets(places, timeout_ms=ANSWERS_WITHIN_MS)

    def _failed(self) -> None:
        self._disconnect()
        if self._wrong is None:
            self._wrong = self._truth.began(Wrong("Kafka answers nobody"))

    def _succeeded(self) -> None:
        if self._wrong is not None:
            self._wrong.ended, self._wrong = time.monotonic(), None

    def _disconnect(self) -> None:
        if self._consumer is not None:
            self._consumer.close(timeout_ms=100)
            self._consumer = None
