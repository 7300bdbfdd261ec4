from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from tests.stream.loops import eventually
from tests.stream.made import FIRST, assignment
from textwire.errors import BrokerUnavailable
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment
from textwire.stream.loop.batch import BatchBudget
from textwire.stream.loop.fetching import Fetching
from textwire.stream.loop.inbox import Inbox
from textwire.stream.memory import MemoryBroker, MemoryReader
from textwire.wire.record import Partition, Record

OURS = assignment()


class FlakyReader(MemoryReader):
    """Away for as long as the test wants."""

    away = False

    def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
        if self.away:
            raise BrokerUnavailable("nobody answers")
        return super().poll(0.005)

    def unread(self) -> dict[Partition, int]:
        if self.away:
            raise BrokerUnavailable("nobody tells how much there is")
        return super().unread()


class Bench:
    def __init__(self) -> None:
        self.broker, self.health, self.stop = MemoryBroker(2), Health(), Event()
        self.reader = FlakyReader(self.broker, max_records=10)
        self.inbox = Inbox(BatchBudget(1_000_000, 5), 0.0, full=20)
        self.metrics = ServiceMetrics("service", 0, self.health)
        settings = StreamSettings(retry_first_s=0.001, retry_longest_s=0.01)
        fetching = Fetching("group", self.reader, self.inbox, settings, self.metrics, self.stop)
        self.thread = Thread(target=fetching.run, daemon=True)
        self.inbox.begin(OURS)
        self.reader.read(OURS, {FIRST: None})

    def write(self, count: int) -> None:
        for _ in range(count):
            self.broker.append("words", b"{}", partition=0)

    def waiting(self) -> int:
        return self.inbox.unfinished()[FIRST]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.stop.set()
    bench.thread.join(timeout=5)


def test_what_is_not_worked_on_stays_with_the_broker(bench: Bench) -> None:
    bench.write(500)
    bench.thread.start()
    eventually(lambda: bench.waiting() >= 20)
    Event().wait(0.05)
    assert bench.waiting() < 20 + 10
    assert bench.broker.end(FIRST) == 500


def test_there_is_more_as_soon_as_there_is_room(bench: Bench) -> None:
    bench.write(500)
    bench.thread.start()
    taken = 0
    while taken < 500:
        batch = bench.inbox.take()
        assert batch is not None
        assert [record.offset for record in batch.records] == list(
            range(taken, taken + len(batch.records))
        )
        taken += len(batch.records)


def test_while_the_broker_is_away_readiness_says_so_and_reading_goes_on_afterwards(
    bench: Bench,
) -> None:
    bench.reader.away = True
    bench.write(3)
    bench.thread.start()
    eventually(lambda: "nobody answers" in bench.health.reason)
    bench.reader.away = False
    eventually(lambda: bench.waiting() == 3)


def test_the_lag_is_what_is_unread_what_waits_and_what_is_in_hand(bench: Bench) -> None:
    bench.write(100)
    bench.reader.poll(0)  # ten are past, and belong to nobody
    bench.thread.start()
    assert bench.inbox.take() is not None
    eventually(lambda: bench.metrics.report("none").lag == {"words/0": 90})
