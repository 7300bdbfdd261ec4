from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.stream.made import FIRST, SECOND, offsets, record, records
from textwire.stream.batch import BatchBudget
from textwire.stream.inbox import Inbox
from textwire.stream.records import Partition, Record

NO_LIMIT = BatchBudget(max_tokens=1_000_000, max_records=1_000)


def inbox(budget: BatchBudget = NO_LIMIT, linger_s: float = 0.0, full: int = 10) -> Inbox:
    return Inbox(budget, linger_s, full)


def test_what_is_put_is_taken_in_order() -> None:
    box = inbox()
    box.put(records(3))
    box.put(records(2, first=3))
    assert offsets(box.take()) == [0, 1, 2, 3, 4]


def test_a_batch_ends_at_the_budget() -> None:
    box = inbox(BatchBudget(max_tokens=1_000, max_records=2))
    box.put(records(3))
    assert offsets(box.take()) == [0, 1]
    assert offsets(box.take()) == [2]


def test_a_batch_that_is_not_full_lingers_for_more() -> None:
    box = inbox(linger_s=5.0, budget=BatchBudget(1_000, max_records=2))
    box.put(records(1))
    taken = in_background(box)
    sleep(0.05)
    assert not taken.done()
    box.put(records(1, first=1))
    assert offsets(taken.result(timeout=1)) == [0, 1]


def test_lingering_ends_though_nothing_more_comes() -> None:
    box = inbox(linger_s=0.05)
    box.put(records(1))
    began = monotonic()
    assert offsets(box.take()) == [0]
    assert 0.04 <= monotonic() - began < 1.0


def test_a_full_batch_does_not_linger() -> None:
    box = inbox(linger_s=5.0, budget=BatchBudget(1_000, max_records=2))
    box.put(records(2))
    began = monotonic()
    box.take()
    assert monotonic() - began < 1.0


@pytest.mark.parametrize("way", ["release", "lose"])
def test_records_that_go_while_they_linger_are_no_batch_and_no_end(way: str) -> None:
    box = inbox(linger_s=0.2)
    box.put(records(1))
    taken = in_background(box)
    sleep(0.05)
    if way == "release":
        box.release([FIRST], lambda: None)
    else:
        box.lose([FIRST])
    sleep(0.3)
    assert not taken.done()
    box.put(records(1, SECOND))
    assert [one.partition for one in taken.result(timeout=1)] == [SECOND]


def test_a_partition_is_full_at_the_bound_and_drained_at_half_of_it() -> None:
    box = inbox(BatchBudget(1_000, max_records=1), full=4)
    box.put(records(3))
    assert box.full_partitions() == set()
    box.put([*records(1, first=3), *records(1, SECOND)])
    assert box.full_partitions() == {FIRST}
    box.take()
    assert box.drained_partitions([FIRST]) == set()
    box.take()
    assert box.drained_partitions([FIRST]) == {FIRST}


def test_the_same_offsets_put_again_are_left_out() -> None:
    box = inbox()
    box.put(records(3))
    box.take()
    box.put(records(4))
    assert offsets(box.take()) == [3]


def test_what_was_lost_and_came_back_is_taken_again() -> None:
    box = inbox()
    box.put(records(3))
    box.take()
    box.lose([FIRST])
    box.put(records(3))
    assert offsets(box.take()) == [0, 1, 2]


def test_a_release_waits_for_the_batch_in_hand_and_no_longer() -> None:
    box, done = inbox(BatchBudget(1_000, max_records=2)), []
    box.put([*records(2), *records(2, SECOND)])
    box.take()
    box.release([FIRST], lambda: done.append("first"))
    box.release([SECOND], lambda: done.append("second"))
    assert done == ["second"]
    box.close()
    box.take()
    assert done == ["second", "first"]


def test_what_waits_of_a_released_partition_is_forgotten() -> None:
    box = inbox()
    box.put([*records(2), *records(2, SECOND)])
    box.release([FIRST], lambda: None)
    assert {one.partition for one in box.take()} == {SECOND}


def test_what_is_lost_in_hand_is_known_until_the_batch_is_done() -> None:
    box = inbox()
    box.put([*records(1), *records(1, SECOND)])
    box.take()
    box.lose([FIRST])
    assert box.has_lost(FIRST)
    assert not box.has_lost(SECOND)
    assert not box.has_lost_all()
    box.lose([SECOND])
    assert box.has_lost_all()
    box.put(records(1))
    box.take()
    assert not box.has_lost(FIRST)


def test_losing_what_is_not_in_hand_does_not_touch_the_batch() -> None:
    box = inbox()
    box.put(records(1))
    box.take()
    box.lose([SECOND])
    assert not box.has_lost(SECOND)
    assert not box.has_lost_all()


def test_nothing_in_hand_is_not_all_lost() -> None:
    assert not inbox().has_lost_all()


def test_a_closed_inbox_hands_out_nothing_and_wakes_who_waits() -> None:
    box = inbox()
    taken = in_background(box)
    sleep(0.05)
    box.close()
    assert taken.result(timeout=1) == []
    box.put(records(1))
    assert box.take() == []


def in_background(box: Inbox) -> Future[list[Record]]:
    pool = ThreadPoolExecutor(1)
    taken = pool.submit(box.take)
    pool.shutdown(wait=False)
    return taken


PARTITIONS = st.sampled_from([FIRST, SECOND])


class InboxWithPartitionsThatComeAndGo(RuleBasedStateMachine):
    """A topic is read; its partitions go and come back to where the batch before had been done."""

    def __init__(self) -> None:
        super().__init__()
        self.box = inbox(BatchBudget(max_tokens=1_000, max_records=3))
        self.read_to: defaultdict[Partition, int] = defaultdict(int)
        self.done_to: defaultdict[Partition, int] = defaultdict(int)
        self.in_hand: list[Record] = []
        self.lost: set[Partition] = set()

    @rule(partition=PARTITIONS, count=st.integers(1, 5))
    def read(self, partition: Partition, count: int) -> None:
        self.box.put(records(count, partition, first=self.read_to[partition]))
        self.read_to[partition] += count

    @rule(partition=PARTITIONS)
    def read_again_from_what_was_committed(self, partition: Partition) -> None:
        begin = self.done_to[partition]
        self.box.put(records(self.read_to[partition] - begin, partition, first=begin))

    @precondition(lambda self: sum(self.box.waiting().values()))
    @rule()
    def take(self) -> None:
        self.finish()
        self.in_hand = self.box.take()
        assert self.in_hand
        for partition in (FIRST, SECOND):
            taken = [one.offset for one in self.in_hand if one.partition == partition]
            begin = self.done_to[partition]
            assert taken == list(range(begin, begin + len(taken)))

    def finish(self) -> None:
        for one in self.in_hand:
            if one.partition not in self.lost:
                self.done_to[one.partition] = one.offset + 1
        self.lost.clear()

    @rule(partition=PARTITIONS)
    def lose(self, partition: Partition) -> None:
        if any(one.partition == partition for one in self.in_hand):
            self.lost.add(partition)
        self.box.lose([partition])
        # Another replica does nothing here, so reading goes on at what was done.
        self.read_to[partition] = self.done_to[partition]

    @invariant()
    def losses_are_known(self) -> None:
        assert {p for p in (FIRST, SECOND) if self.box.has_lost(p)} == self.lost


InboxWithPartitionsThatComeAndGo.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None
)
TestInboxWithPartitionsThatComeAndGo = InboxWithPartitionsThatComeAndGo.TestCase


def test_a_record_of_a_partition_that_went_is_not_put_twice_into_one_batch() -> None:
    box = inbox()
    box.put([record(5)])
    box.release([FIRST], lambda: None)
    box.put([record(5)])
    assert offsets(box.take()) == [5]
