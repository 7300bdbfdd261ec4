"""How many dead letters stand on their topics now, whoever put them there and when.

A partition's end less its beginning is no count: each transaction takes an offset for its end, and
an aborted one leaves its records behind. So the letters are read, each once, as they come; where
the beginning has moved (purged, or too old) they are counted anew. Only where very many came at
once, such as before a start, they are taken by their offsets, which are at most too many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import kafka
from kafka import TopicPartition

from textwire.errors import BrokerUnavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.observing.reports import LETTERS_COUNTED_UP_TO
from textwire.settings import KafkaSettings
from textwire.stream.kafka.connecting import client_settings, translated_errors
from textwire.stream.kafka.offsets import begins_of, ends_of

# Two small requests, where no letter came.
COUNT_EVERY_S = 5.0
ANSWERED_WITHIN_S = 10.0


@dataclass(frozen=True)
class Counted:
    """A partition's letters, from its beginning up to an offset."""

    begin: int
    up_to: int
    letters: int = 0


class StandingLetters:
    """The letters on some topics; a look reads what came since the last one."""

    def __init__(
        self,
        topics: Sequence[str],
        settings: KafkaSettings | None = None,
        counted_up_to: int = LETTERS_COUNTED_UP_TO,
    ) -> None:
        """Connects at the first look. For one thread.

        Args: counted_up_to: where more came at once, they are taken by their offsets.
        """
        self._topics, self._settings, self._most = topics, settings, counted_up_to
        self._counted: dict[TopicPartition, Counted] = {}
        self._consumer: Any = None

    def count(self) -> dict[str, int]:
        """How many stand on each topic that there is; above `counted_up_to`, at most so many.

        Raises: BrokerUnavailable.
        """
        with translated_errors("counting dead letters"):
            consumer = self._connected()
            places = self._places(consumer)
            within_ms = ANSWERED_WITHIN_S * 1000
            begins = begins_of(consumer, places, within_ms)
            ends = ends_of(consumer, places, within_ms)
            self._counted = {
                place: self._up_to(place, begins[place], ends[place]) for place in places
            }
        sums: defaultdict[str, int] = defaultdict(int)
        for place, counted in self._counted.items():
            sums[place.topic] += counted.letters
        return dict(sums)

    def close(self) -> None:
        """Let the connection go; the next look makes another."""
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None

    def _connected(self) -> Any:
        if self._consumer is None:
            self._consumer = kafka.KafkaConsumer(
                **client_settings(self._settings),
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                request_timeout_ms=int(ANSWERED_WITHIN_S * 1000),
            )
        return self._consumer

    def _places(self, consumer: Any) -> list[TopicPartition]:
        there = consumer.topics()
        return [
            TopicPartition(topic, number)
            for topic in self._topics
            if topic in there
            for number in sorted(consumer.partitions_for_topic(topic) or ())
        ]

    def _up_to(self, place: TopicPartition, begin: int, end: int) -> Counted:
        known = self._counted.get(place)
        if known is None or known.begin != begin or known.up_to > end:
            known = Counted(begin, begin)
        fresh = end - known.up_to
        if 0 < fresh <= self._most:
            fresh = self._read(place, known.up_to, end)
        return Counted(begin, end, known.letters + fresh)

    def _read(self, place: TopicPartition, begin: int, end: int) -> int:
        self._consumer.assign([place])
        self._consumer.seek(place, begin)
        letters, heard_at = 0, monotonic()
        while self._consumer.position(place) < end:
            polled = self._consumer.poll(timeout_ms=500).get(place, [])
            letters += sum(record.offset < end for record in polled)
            if polled:
                heard_at = monotonic()
            elif monotonic() - heard_at > ANSWERED_WITHIN_S:
                raise BrokerUnavailable(f"Kafka stopped answering while reading {place.topic}.")
        return letters


def letter_counting(topics: Iterable[str], metrics: ServiceMetrics) -> PeriodicTask:
    """Looks every so often, on a thread of its own, and lets the service's reports tell it.

    While looks fail the last count stands, and we are warned.
    """
    letters = StandingLetters(sorted(set(topics)))

    def look() -> None:
        try:
            metrics.letters_standing(letters.count())
        except Exception:
            letters.close()  # the next look connects anew
            raise

    return PeriodicTask(
        "dead letters",
        look,
        COUNT_EVERY_S,
        metrics.health,
        metrics.liveness,
        at_end=letters.close,
    )
