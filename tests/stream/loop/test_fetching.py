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
from textwire.stream.loop import fetching
from textwire.stream.loop.batch import BatchBudget
from textwire.stream.loop.fetching import Fetching
from textwire.stream.loop.inbox import Inbox
from textwire.stream.memory import MemoryBroker, MemoryReader
from textwire.stream.source import Jump
from textwire.wire.record import Partition, Record

OURS = assignment()


class FlakyReader(MemoryReader):
    """Away for as long as the test wants."""

    away = False

    def __init__(self, broker: MemoryBroker, max_records: int) -> None:
        super().__init__(broker, max_records)
        self.jumped: list[Jump] = []

    def jumps(self) -> list[Jump]:
        jumped, self.jumped = self.jumped, []
        return jumped

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
        self.ids, self.knows_ids = dict(OURS.topic_ids), True
        self.renewed: list[Assignment] = []
        reading = Fetching(
            "group",
            self.reader,
            self.inbox,
            self.topic_ids,
            self.renewed.append,
            settings,
            self.metrics,
            self.stop,
        )
        self.thread = Thread(target=reading.run, daemon=True)
        self.inbox.begin(OURS)
        self.reader.read(OURS, {FIRST: None})

    def topic_ids(self) -> dict[str, str]:
        if not self.knows_ids:
            raise BrokerUnavailable("nobody tells which topics there are")
        return self.ids

    def write(self, count: int) -> None:
        for _ in range(count):
            self.broker.append("words", b"{}", partition=0)

    def waiting(self) -> int:
        return self.inbox.unfinished()[FIRST]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(fetching, "TOPICS_EVERY_S", 0.02)
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


def test_a_topic_that_was_made_anew_is_begun_anew_though_nothing_of_it_comes(bench: Bench) -> None:
    bench.thread.start()
    Event().wait(0.1)
    assert not bench.renewed
    bench.ids = dict.fromkeys(bench.ids, "another topic of the name")
    eventually(lambda: OURS in bench.renewed)


def test_where_there_is_work_whoever_works_looks(bench: Bench) -> None:
    bench.write(1)
    bench.thread.start()
    eventually(lambda: bench.waiting() == 1)
    bench.ids = dict.fromkeys(bench.ids, "another topic of the name")
    Event().wait(0.1)
    assert not bench.renewed


def test_a_topic_that_is_not_there_just_now_is_waited_for(bench: Bench) -> None:
    bench.ids = {}
    bench.thread.start()
    Event().wait(0.1)
    assert not bench.renewed


def test_the_end_of_a_topic_that_was_made_anew_is_no_loss_of_kafka(bench: Bench) -> None:
    bench.ids = dict.fromkeys(bench.ids, "another topic of the name")
    bench.reader.jumped = [Jump(FIRST, 240, 42)]
    bench.thread.start()
    eventually(lambda: OURS in bench.renewed)
    assert not bench.health.warnings


def test_a_jump_is_told_once_it_is_known_in_which_topic(bench: Bench) -> None:
    bench.knows_ids = False
    bench.reader.jumped = [Jump(FIRST, 240, 42)]
    bench.thread.start()
    Event().wait(0.1)
    assert not bench.health.warnings
    bench.knows_ids = True
    eventually(lambda: "Kafka has lost its end" in bench.health.warnings)
    assert not bench.renewed
