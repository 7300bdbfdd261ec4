"""Partitions that go from one replica to another, on the real Kafka."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import monotonic, sleep

import pytest

from tests.contracts.worlds import KafkaWorld, Kept, poll
from tests.stream.loops import eventually
from textwire.stream.records import OutgoingRecord, Partition
from textwire.stream.source import RecordSource


class Busy(Kept):
    """Has a batch in hand for as long as the test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.released: list[Partition] = []
        self.batch_is_done: Callable[[], None] = lambda: None

    def release(self, partitions: Iterable[Partition], done: Callable[[], None]) -> None:
        self.released += partitions
        self.batch_is_done = done


@pytest.fixture
def world(bootstrap_servers: str, unique_name: str) -> Iterator[KafkaWorld]:
    world = KafkaWorld(bootstrap_servers, unique_name, "exactly_once")
    world.write([b"0", b"1"], partition=0)
    world.write([b"0", b"1"], partition=1)
    yield world
    world.close()


@contextmanager
def polling(*sources: RecordSource) -> Iterator[None]:
    """Each source is polled by a thread of its own meanwhile, and closed at the end."""
    stop = Event()

    def poll_until_stopped(source: RecordSource) -> None:
        while not stop.is_set():
            source.poll(0.1)
        source.close(timeout_s=5)

    with ThreadPoolExecutor() as pool:
        polled = [pool.submit(poll_until_stopped, source) for source in sources]
        try:
            yield
        finally:
            stop.set()
    for one in polled:
        one.result()


def test_what_is_released_stays_ours_until_the_batch_in_hand_is_committed(
    world: KafkaWorld,
) -> None:
    first, second, busy = world.source(0), world.source(1), Busy()
    publisher = world.publisher()
    publisher.start()
    first.start(busy)
    poll(first, 4)
    second.start(Kept())
    with polling(first, second):
        eventually(lambda: bool(busy.released), within_s=20)
        (released,) = busy.released
        sleep(0.3)
        assert busy.lost == []
        assert released in first.owned()

        outgoing = [OutgoingRecord(world.echoes, b"key", b"echo")]
        publisher.publish(outgoing, {released: 1}, first.membership())
        busy.batch_is_done()
        eventually(lambda: second.owned() == {released}, within_s=20)
        assert busy.lost == [released]
        assert released not in first.owned()
    publisher.close(timeout_s=5)
    assert [record.value for record in world.read(world.echoes)] == [b"echo"]


def test_a_rebalance_does_not_wait_for_ever(world: KafkaWorld) -> None:
    first, second, busy = world.source(0, rebalance_timeout_s=0.3), world.source(1), Busy()
    first.start(busy)
    poll(first, 4)
    second.start(Kept())
    with polling(first, second):
        eventually(lambda: len(second.owned()) == 1, within_s=20)
        assert busy.lost == busy.released


def test_closing_waits_for_no_batch(world: KafkaWorld) -> None:
    source, busy = world.source(), Busy()
    source.start(busy)
    poll(source, 4)
    began = monotonic()
    source.close(timeout_s=5)
    assert monotonic() - began < 2
    assert len(busy.lost) == 2
