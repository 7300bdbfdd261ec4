"""Producers that keep sending, seeded, while faults strike."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from random import Random
from threading import Event, Thread
from typing import Any, NamedTuple

import kafka
from kafka import codec
from kafka.errors import KafkaError, KafkaTimeoutError

from tests.chaos.bad_records import BAD, ODD, TOO_LARGE, Make, Mixture, RawRecord, asking
from tests.chaos.echo import LARGEST_RECORD_BYTES
from tests.chaos.ledger import Expected, Ledger, Place, Sent
from textwire.stream.kafka.internals import end_sender

SESSIONS = 48
# What brokers that come and go may take; a record that is given up after that is a doubt.
DELIVERED_WITHIN_MS = 120_000
# A producer learns of partitions that were added, and of topics made anew.
METADATA_MAX_AGE_MS = 2_000
COMPRESSIONS = tuple(
    name
    for name, is_here in (
        (None, True),
        ("gzip", codec.has_gzip()),
        ("snappy", codec.has_snappy()),
        ("lz4", codec.has_lz4()),
        ("zstd", codec.has_zstd()),
    )
    if is_here
)


class Sending(NamedTuple):
    """A record to be sent, and what it must lead to."""

    id: str
    topic: str
    record: RawRecord
    expected: Expected = "answer"


class Producers:
    """One producer for each compression; a key has its own, so that its order is kept."""

    def __init__(self, bootstrap_servers: str, ledger: Ledger) -> None:
        self._ledger = ledger
        self._producers = [
            kafka.KafkaProducer(
                bootstrap_servers=bootstrap_servers.split(","),
                acks="all",
                compression_type=compression,
                linger_ms=5,
                # One at a time, so that what is sent again after an error keeps its place.
                max_in_flight_requests_per_connection=1,
                max_request_size=LARGEST_RECORD_BYTES,
                delivery_timeout_ms=DELIVERED_WITHIN_MS,
                metadata_max_age_ms=METADATA_MAX_AGE_MS,
                reconnect_backoff_max_ms=500,
            )
            for compression in COMPRESSIONS
        ]

    def send(self, sending: Sending) -> None:
        """Send, without waiting; the ledger hears what became of it."""
        record = sending.record
        try:
            sent = self._of(record.key).send(
                sending.topic,
                key=record.key,
                value=record.value,
                headers=list(record.headers),
                timestamp_ms=record.timestamp_ms,
            )
        except KafkaError:
            self._ledger.doubts(sending.id)
            return
        sent.add_callback(partial(self._took, sending))
        sent.add_errback(lambda _: self._ledger.doubts(sending.id))

    def flush(self) -> None:
        """Wait until all is delivered or given up; what is neither by then is doubted."""
        for producer in self._producers:
            try:
                producer.flush(timeout=DELIVERED_WITHIN_MS / 1000)
            except KafkaTimeoutError:
                end_sender(producer)

    def close(self) -> None:
        """Let the brokers go."""
        for producer in self._producers:
            with suppress(KafkaTimeoutError):
                producer.close(timeout=1)
            end_sender(producer)

    def _of(self, key: bytes) -> Any:
        return self._producers[sum(key) % len(self._producers)]

    def _took(self, sending: Sending, where: Any) -> None:
        place = Place(where.topic, where.partition, where.offset)
        key = sending.record.key.decode()
        generation = self._ledger.generation
        self._ledger.took(Sent(sending.id, key, sending.expected, place, generation))


def questions(topic: str, dice: Random, mixture: Mixture) -> Iterator[Sending]:
    """Questions without end, some of them bad, odd or too large, as the mixture says."""
    kinds: list[tuple[Expected, Mapping[str, Make]]] = [
        ("answer", {"": asking}),
        ("dead letter", BAD),
        ("answer", ODD),
        ("dead letter", TOO_LARGE),
    ]
    shares = (mixture.bad, mixture.odd, mixture.too_large)
    weights = [1 - sum(shares), *shares]
    for number in itertools.count():
        [(expected, makers)] = dice.choices(kinds, weights)
        make = makers[dice.choice(list(makers))]
        record = make(f"q{number}", f"s{dice.randrange(SESSIONS)}")
        yield Sending(f"q{number}", topic, record, expected)


class Load(Thread):
    """Sends at a steady pace until stopped."""

    def __init__(
        self, producers: Producers, sendings: Iterator[Sending], per_s: float, paused: Event
    ) -> None:
        super().__init__(name="load", daemon=True)
        self._producers, self._sendings, self._per_s = producers, sendings, per_s
        self._paused, self._stopping = paused, Event()

    def run(self) -> None:
        """Send."""
        due = time.monotonic()
        while not self._stopping.wait(max(0.0, due - time.monotonic())):
            due = max(due + 1 / self._per_s, time.monotonic() - 1)
            if not self._paused.is_set():
                self._producers.send(next(self._sendings))

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        self.join()
