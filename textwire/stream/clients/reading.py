"""Reading a topic as a person does: to its end, its last records, or along with it.

No group is joined: nobody's place is moved, and nobody waits for the reader. Nor does the reader
wait for a broker that does not answer: no call is silent for longer than `kafka.answer_timeout_s`.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Any, Self

from kafka import TopicPartition

from textwire.errors import BrokerUnavailable, UnknownTopic
from textwire.settings import KafkaSettings, load
from textwire.stream.bounded import bounded
from textwire.stream.kafka.connecting import connect_consumer, translated_errors
from textwire.stream.kafka.offsets import begins_of, ends_of
from textwire.wire.record import Record

POLL_S = 0.5
# Nothing new may be a quiet topic or a broker that is gone: after so long it is asked which.
ASKED_AFTER_S = 2.0


class TopicReader:
    """Reads the records of one topic; of all its partitions, each in order."""

    def __init__(
        self, topic: str, *, committed_only: bool = True, settings: KafkaSettings | None = None
    ) -> None:
        """Connect; the place is the topic's beginning.

        Args:   committed_only: pass over what belongs to open and to aborted transactions.
        Raises: BrokerUnavailable; UnknownTopic.
        """
        self._topic = topic
        self._within_s = _within_s(settings)
        self._consumer = _connect(committed_only, settings)
        try:
            self._partitions = self._existing_partitions(settings)
        except BaseException:
            self.close()
            raise
        self._consumer.assign(self._partitions)
        self._consumer.seek_to_beginning()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._consumer.close(timeout_ms=self._within_s * 1000)

    def skip_to_end(self) -> None:
        """Go behind all there is; what is written after this call returns will be read."""
        for partition, end in self._ends().items():
            self._consumer.seek(partition, end)

    def poll(self, timeout_s: float = POLL_S) -> list[Record]:
        """What comes next, by time, as soon as there is any; empty when nothing came in time."""
        with self._translated_errors():
            polled = self._consumer.poll(timeout_ms=int(timeout_s * 1000))
        return _by_time(polled.values())

    def follow(self) -> Iterator[Record]:
        """Everything from here on, for ever.

        Raises: BrokerUnavailable: it does not answer any more.
        """
        heard_at = monotonic()
        while True:
            records = self.poll()
            yield from records
            if not records and monotonic() - heard_at < ASKED_AFTER_S:
                continue
            if not records:
                self._ends()
            heard_at = monotonic()

    def to_end(self) -> Iterator[Record]:
        """Everything from here to what is the end now.

        Raises: BrokerUnavailable: nothing came for `kafka.answer_timeout_s` though there should.
        """
        ends = self._ends()
        heard_at = monotonic()
        while self._is_before(ends):
            records = self.poll()
            yield from records
            if records:
                heard_at = monotonic()
            elif monotonic() - heard_at > self._within_s:
                raise BrokerUnavailable(
                    f"Kafka stopped answering while reading {self._topic}. See `textwire status`."
                )

    def last(self, count: int) -> list[Record]:
        """The last records of each partition, by time; the place is the end then.

        Offsets are no count of records (a transaction's end takes one, and compaction leaves
        gaps), so the look back gets longer until there are enough.
        """
        starts, ends = self._starts(), self._ends()
        look_back = count
        while True:
            begin = {place: max(starts[place], end - look_back) for place, end in ends.items()}
            kept = self._newest(begin, count)
            if all(
                len(kept[place.partition]) == count or begin[place] == starts[place]
                for place in ends
            ):
                return _by_time(kept.values())
            look_back *= 4

    def at(self, partition: int, offset: int) -> Record | None:
        """The record at a place, or None."""
        place = TopicPartition(self._topic, partition)
        if place not in self._partitions:
            return None
        if not self._starts()[place] <= offset < self._ends()[place]:
            return None
        self._consumer.assign([place])
        self._consumer.seek(place, offset)
        nearest = next(self.to_end(), None)
        return nearest if nearest is not None and nearest.offset == offset else None

    def _newest(self, begin: dict[TopicPartition, int], count: int) -> dict[int, deque[Record]]:
        for place, offset in begin.items():
            self._consumer.seek(place, offset)
        newest: dict[int, deque[Record]] = defaultdict(lambda: deque(maxlen=count))
        for record in self.to_end():
            newest[record.partition.number].append(record)
        return newest

    def _existing_partitions(self, settings: KafkaSettings | None) -> list[TopicPartition]:
        ask = partial(self._consumer.partitions_for_topic, self._topic)
        with self._translated_errors():
            numbers = bounded(ask, self._within_s, self._doing)
        if not numbers:
            raise UnknownTopic(_unknown(self._topic, topic_names(settings)))
        return [TopicPartition(self._topic, number) for number in sorted(numbers)]

    def _starts(self) -> dict[TopicPartition, int]:
        with self._translated_errors():
            return begins_of(self._consumer, self._partitions, self._within_s * 1000)

    def _ends(self) -> dict[TopicPartition, int]:
        with self._translated_errors():
            return ends_of(self._consumer, self._partitions, self._within_s * 1000)

    def _is_before(self, ends: dict[TopicPartition, int]) -> bool:
        assigned = self._consumer.assignment()
        return any(self._position(place) < end for place, end in ends.items() if place in assigned)

    def _position(self, place: TopicPartition) -> int:
        """The offset of the next record; -1 while the broker does not say where that is."""
        with self._translated_errors():
            position = self._consumer.position(place, timeout_ms=POLL_S * 1000)
        return -1 if position is None else int(position)

    @property
    def _doing(self) -> str:
        return f"reading {self._topic}"

    def _translated_errors(self) -> Any:
        return translated_errors(self._doing)


def read_to_end(topic: str, settings: KafkaSettings | None = None) -> Iterator[Record]:
    """Every committed record of a topic, up to what is its end now.

    Raises: BrokerUnavailable; UnknownTopic.
    """
    with TopicReader(topic, settings=settings) as reader:
        yield from reader.to_end()


def topic_names(settings: KafkaSettings | None = None) -> list[str]:
    """The topics that the broker has, but for Kafka's own.

    Raises: BrokerUnavailable.
    """
    with translated_errors("listing topics"):
        consumer = _connect(True, settings)
        try:
            names = bounded(consumer.topics, _within_s(settings), "listing topics")
            return sorted(name for name in names if not name.startswith("__"))
        finally:
            consumer.close()


def _connect(committed_only: bool, settings: KafkaSettings | None) -> Any:
    return connect_consumer(
        settings,
        isolation_level="read_committed" if committed_only else "read_uncommitted",
        request_timeout_ms=int(_within_s(settings) * 1000),
        fetch_max_wait_ms=100,  # by default 500: how long a seek waits for the fetch under way
    )


def _within_s(settings: KafkaSettings | None) -> float:
    return (settings or load(KafkaSettings)).answer_timeout_s


def _by_time(partitions: Iterable[Iterable[Record]]) -> list[Record]:
    """Of several partitions, each in its own order."""
    return list(heapq.merge(*partitions, key=lambda record: record.timestamp_ms))


def _unknown(topic: str, names: list[str]) -> str:
    if not names:
        return f"There is no topic {topic}: the broker has none yet. Start with `textwire up`."
    return f"There is no topic {topic}. There are: {', '.join(names)}."
