"""What the group gives is begun where it can be, and ends when the group takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Event, Thread

import pytest

from tests.stream.loops import eventually
from tests.stream.made import FIRST, SECOND
from textwire.errors import BrokerUnavailable, ReplicaTaken
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment, Position
from textwire.stream.loop import membership
from textwire.stream.loop.batch import BatchBudget
from textwire.stream.loop.inbox import Inbox
from textwire.stream.loop.membership import Membership
from textwire.stream.memory import MemoryBroker, MemoryMember, MemoryReader
from textwire.wire.record import Partition

BOTH = frozenset({FIRST, SECOND})


class Told:
    """A member whose group does as the test says."""

    def __init__(self) -> None:
        self.broker = MemoryBroker(2)
        self.ids = {"words": "1"}
        self.unknown: set[Partition] = set()  # where it goes on is not known yet
        self.taken = False
        self.polls_that_are_taken = 0
        self.generation = 0
        self.to_give: frozenset[Partition] | None = BOTH
        self._memory = MemoryMember(self.broker, ["words"])
        self.holder: Membership | None = None

    def start(self, holder: Membership) -> None:
        self.holder = holder

    def poll(self, timeout_s: float) -> None:
        assert self.holder is not None
        if self.polls_that_are_taken:
            self.polls_that_are_taken -= 1
            raise ReplicaTaken("another has it")
        if self.to_give is not None:
            self.generation += 1
            given, self.to_give = self.to_give, None
            self.holder.assigned(self.generation, f"proof {self.generation}", given)
        Event().wait(0.002)

    def is_taken(self) -> bool:
        return self.taken

    def topic_ids(self) -> dict[str, str]:
        return dict(self.ids)

    def committed(self, partition: Partition) -> Position | None:
        if partition in self.unknown:
            raise BrokerUnavailable("a transaction is open")
        return self._memory.committed(partition)

    def commit(self, positions: Mapping[Partition, Position]) -> None:
        self.broker.commit(positions)

    def close(self, timeout_s: float) -> None:
        """Nothing to close."""


class Bench:
    def __init__(self) -> None:
        self.member, self.health, self.stop = Told(), Health(), Event()
        self.reader = MemoryReader(self.member.broker)
        self.inbox = Inbox(BatchBudget(1_000, 100), 0.0, 100)
        self.membership = Membership(
            "group",
            self.member,
            self.reader,
            self.inbox,
            StreamSettings(retry_first_s=0.001),
            ServiceMetrics("service", 0, self.health),
            self.stop,
        )
        self.thread = Thread(target=self.membership.run, daemon=True)

    def starts(self) -> dict[Partition, int]:
        """Where the reader would go on."""
        return dict(self.reader._next)

    @property
    def ours(self) -> Assignment | None:
        return self.inbox.assignment


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(membership, "TAKEN_LOOK_EVERY_S", 0.01)
    bench = Bench()
    yield bench
    bench.stop.set()
    if bench.thread.is_alive():
        bench.thread.join(timeout=5)


def test_what_is_given_is_begun_where_the_group_has_committed(bench: Bench) -> None:
    bench.member.commit({FIRST: Position(7, "1"), SECOND: Position(9, "another topic of the name")})
    bench.thread.start()
    eventually(lambda: bench.starts() == {FIRST: 7, SECOND: 0})
    assert bench.ours is not None
    assert (bench.ours.generation, bench.ours.proof) == (1, "proof 1")
    assert bench.ours.topic_ids == {"words": "1"}


def test_a_partition_whose_place_is_not_known_yet_keeps_no_other_waiting(bench: Bench) -> None:
    bench.member.unknown = {SECOND}
    bench.thread.start()
    eventually(lambda: bench.starts() == {FIRST: 0})
    eventually(lambda: "a transaction is open" in bench.health.reason)
    ours = bench.ours
    bench.member.unknown = set()
    eventually(lambda: bench.starts() == {FIRST: 0, SECOND: 0})
    eventually(lambda: bench.health.ready)
    assert bench.ours is ours


def test_a_topic_that_is_gone_is_waited_for_and_said(bench: Bench) -> None:
    bench.member.ids = {}
    bench.thread.start()
    eventually(lambda: "The topic words is not there any more" in bench.health.reason)
    assert bench.ours is None
    bench.member.ids = {"words": "2"}
    eventually(lambda: bench.ours is not None)
    eventually(lambda: bench.health.ready)


def test_what_was_read_of_a_topic_that_was_made_anew_is_begun_anew(bench: Bench) -> None:
    bench.member.commit({FIRST: Position(7, "1")})
    bench.thread.start()
    eventually(lambda: bench.starts() == {FIRST: 7, SECOND: 0})
    before = bench.ours
    assert before is not None
    bench.member.ids = {"words": "2"}
    bench.membership.renew(before)
    eventually(lambda: bench.ours is not None and bench.ours is not before)
    eventually(lambda: bench.starts() == {FIRST: 0, SECOND: 0})
    assert bench.ours is not None
    assert bench.ours.topic_ids == {"words": "2"}
    assert bench.ours.proof == before.proof


def test_to_renew_what_is_not_ours_any_more_changes_nothing(bench: Bench) -> None:
    bench.thread.start()
    eventually(lambda: bench.ours is not None)
    first = bench.ours
    bench.member.to_give = BOTH
    eventually(lambda: bench.ours is not None and bench.ours is not first)
    second = bench.ours
    assert first is not None
    bench.membership.renew(first)
    Event().wait(0.05)
    assert bench.ours is second


def test_what_the_group_takes_is_not_ours_any_more(bench: Bench) -> None:
    bench.thread.start()
    eventually(lambda: bench.starts() == {FIRST: 0, SECOND: 0})
    bench.membership.lose()
    assert bench.ours is None
    assert bench.starts() == {}


def test_a_place_that_another_process_has_is_left_to_it_until_it_has_gone(bench: Bench) -> None:
    bench.member.polls_that_are_taken, bench.member.taken = 1, True
    bench.thread.start()
    eventually(lambda: "another has it" in bench.health.reason)
    assert bench.ours is None
    bench.member.taken = False
    eventually(lambda: bench.ours is not None)
    eventually(lambda: bench.health.ready)


def test_a_stop_waits_for_nobody(bench: Bench) -> None:
    bench.member.polls_that_are_taken, bench.member.taken = 1, True
    bench.thread.start()
    eventually(lambda: not bench.health.ready)
    bench.stop.set()
    bench.thread.join(timeout=5)
    assert not bench.thread.is_alive()


def test_a_partition_whose_place_is_not_known_holds_up_none_behind_it(bench: Bench) -> None:
    bench.member.unknown = {FIRST}
    bench.thread.start()
    eventually(lambda: bench.starts() == {SECOND: 0})
    bench.member.unknown = set()
    eventually(lambda: bench.starts() == {FIRST: 0, SECOND: 0})
