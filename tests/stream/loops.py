"""A loop on a broker in memory, and processors small enough to see through."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

import msgspec

from tests.stream.made import ECHOES, WORDS, Echo, Word
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.results.writes import Count
from textwire.settings import StreamSettings
from textwire.stream.loop.stream_loop import StreamLoop
from textwire.stream.memory import MemoryBroker, MemoryMember, MemoryPublisher, MemoryReader
from textwire.stream.processor import Outgoing, Received, Result
from textwire.stream.publisher import Publisher
from textwire.wire.record import Partition, Record

COUNTS = "counts"


class Echoing:
    """Answers each word with itself and counts it; `before` sees each batch of words first."""

    name = "echoing"
    inputs = (WORDS,)
    model = "none"

    def __init__(self, before: Callable[[list[str]], None] = lambda words: None) -> None:
        self.batches: list[list[str]] = []
        self._before = before

    def process(self, batch: Sequence[Received]) -> list[Result]:
        words = [received.message.text for received in batch]
        self.batches.append(words)
        self._before(words)
        return [
            Result((Outgoing(ECHOES, Echo(text=word)),), (Count(COUNTS, word),)) for word in words
        ]


class Bench:
    """A broker, results, and loops over both."""

    def __init__(self, partitions: int = 2) -> None:
        self.broker = MemoryBroker(partitions)
        self.results = MemoryResults()
        self.health = Health()
        self.metrics = ServiceMetrics("echoing", 0, self.health)

    def write(self, *words: str, partition: int | None = None) -> None:
        for word in words:
            value = msgspec.json.encode(Word(text=word))
            self.broker.append(WORDS.name, value, word.encode(), partition=partition)

    def loop(
        self,
        processor: Any,
        *,
        results: ResultStore | None = None,
        publisher: Publisher | None = None,
        member: MemoryMember | None = None,
        reader: MemoryReader | None = None,
        **settings: Any,
    ) -> StreamLoop:
        quick = {"linger_ms": 0, "retry_first_s": 0.005, "retry_longest_s": 0.02, **settings}
        return StreamLoop(
            processor,
            member or MemoryMember(self.broker, [WORDS.name]),
            reader or MemoryReader(self.broker),
            publisher or MemoryPublisher(self.broker),
            results or self.results,
            StreamSettings(**quick),
            self.metrics,
        )

    def work_off(self, loop: StreamLoop) -> None:
        """Run until everything that was written is committed."""
        with running(loop):
            eventually(self.all_is_committed)

    def all_is_committed(self) -> bool:
        places = [Partition(WORDS.name, number) for number in range(self.broker.partitions)]
        return all(self.broker.committed.get(p, 0) == self.broker.end(p) for p in places)

    def echoes(self) -> Tally[str]:
        records = self.broker.records(ECHOES.name)
        return Tally(msgspec.json.decode(r.value or b"", type=Echo).text for r in records)

    def dead(self) -> list[Record]:
        return self.broker.records(WORDS.dead)

    def counts(self) -> dict[str, int]:
        return {word: int(count) for word, count in self.results.fields(COUNTS).items()}


class LosableMember(MemoryMember):
    """What it holds can be taken from it, as when another replica joins, and given back."""

    generation = 1

    def take_away(self) -> None:
        assert self._holder is not None
        self._holder.lose()

    def give_back(self) -> None:
        """In the next generation, from where the group has committed."""
        assert self._holder is not None
        self.generation += 1
        places = frozenset(self._broker.places(self._topics))
        self._holder.assigned(self.generation, None, places)


@contextmanager
def running(loop: StreamLoop) -> Iterator[None]:
    """The loop runs meanwhile; stopped at the end, and what it raised is raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            loop.run()
        except Exception as error:  # noqa: BLE001 - raised below, in the test's own thread
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(timeout=20)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def eventually(holds: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait until it holds."""
    ends_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < ends_at, f"not within {within_s} s"
        time.sleep(0.002)
