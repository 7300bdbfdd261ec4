from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.stream.made import FIRST, SECOND, assignment, offsets, records
from textwire.stream.assignment import Assignment
from textwire.stream.loop.batch import Batch, BatchBudget
from textwire.stream.loop.inbox import Inbox
from textwire.wire.record import Partition

NO_LIMIT = BatchBudget(max_tokens=1_000_000, max_records=1_000)
OURS = assignment()
# What wakes at once, on a machine that is busy with other tests.
WOKEN_WITHIN_S = 20.0


def inbox(budget: BatchBudget = NO_LIMIT, linger_s: float = 0.0, full: int = 10) -> Inbox:
    box = Inbox(budget, linger_s, full)
    box.begin(OURS)
    return box


def taken(batch: Batch | None) -> list[int]:
    assert batch is not None
    return offsets(list(batch.records))


def in_background(box: Inbox) -> Future[Batch | None]:
    pool = ThreadPoolExecutor(1)
    future = pool.submit(box.take)
    pool.shutdown(wait=False)
    return future


def test_what_is_put_is_taken_in_order_under_its_assignment() -> None:
    box = inbox()
    box.put(OURS, records(3))
    box.put(OURS, records(2, first=3))
    batch = box.take()
    assert taken(batch) == [0, 1, 2, 3, 4]
    assert batch is not None
    assert batch.assignment is OURS


def test_a_batch_ends_at_the_budget() -> None:
    box = inbox(BatchBudget(max_tokens=1_000, max_records=2))
    box.put(OURS, records(3))
    assert taken(box.take()) == [0, 1]
    assert taken(box.take()) == [2]


def test_a_batch_that_is_not_full_lingers_for_more() -> None:
    box = inbox(linger_s=60.0, budget=BatchBudget(1_000, max_records=2))
    box.put(OURS, records(1))
    batch = in_background(box)
    sleep(0.05)
    assert not batch.done()
    box.put(OURS, records(1, first=1))
    assert taken(batch.result(timeout=WOKEN_WITHIN_S)) == [0, 1]


def test_lingering_ends_though_nothing_more_comes() -> None:
    box = inbox(linger_s=0.05)
    box.put(OURS, records(1))
    began = monotonic()
    assert taken(box.take()) == [0]
    assert monotonic() - began >= 0.04


def test_a_full_batch_does_not_linger() -> None:
    box = inbox(linger_s=60.0, budget=BatchBudget(1_000, max_records=2))
    box.put(OURS, records(2))
    assert taken(in_background(box).result(timeout=WOKEN_WITHIN_S)) == [0, 1]


@pytest.mark.parametrize("way", ["release", "end"])
def test_records_that_go_while_they_linger_are_no_batch_and_no_end(way: str) -> None:
    box = inbox(linger_s=1.0)
    box.put(OURS, records(1))
    batch = in_background(box)
    sleep(0.05)  # it lingers now
    if way == "release":
        box.release(lambda: None)
    else:
        box.end()
    sleep(1.1)  # it would have ended by now
    assert not batch.done()
    again = assignment(2)
    box.begin(again)
    box.put(again, records(1, SECOND))
    assert taken(batch.result(timeout=WOKEN_WITHIN_S)) == [0]


def test_there_is_no_room_while_too_much_of_one_partition_waits() -> None:
    box = inbox(BatchBudget(1_000, max_records=1), full=4)
    box.put(OURS, [*records(3), *records(3, SECOND)])
    assert box.wait_for_room(0)
    box.put(OURS, records(1, first=3))
    assert not box.wait_for_room(0)
    box.take()
    assert box.wait_for_room(0)


def test_who_waits_for_room_goes_on_as_soon_as_there_is_some() -> None:
    box = inbox(full=4)
    box.put(OURS, records(4))
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(box.wait_for_room, 20)
        sleep(0.05)
        assert not waits.done()
        box.take()
        assert waits.result(timeout=WOKEN_WITHIN_S)


def test_records_of_another_assignment_are_not_kept() -> None:
    box = inbox()
    box.put(assignment(0), records(3))
    box.put(None, records(3))
    box.put(OURS, records(1, SECOND))
    assert taken(box.take()) == [0]


def test_what_was_read_before_the_partition_went_and_came_back_is_read_anew() -> None:
    box = inbox()
    box.put(OURS, records(3))
    box.take()
    box.end()
    box.put(OURS, records(3, first=3))  # late, from the reading thread
    again = assignment(2)
    box.begin(again)
    box.put(again, records(2))
    assert taken(box.take()) == [0, 1]


def test_a_release_waits_for_the_batch_in_hand_and_hands_out_no_other() -> None:
    box, done = inbox(BatchBudget(1_000, max_records=2)), []
    box.put(OURS, records(4))
    box.take()
    box.release(lambda: done.append("released"))
    assert box.holds(OURS)
    assert done == []
    box.put(OURS, records(1, first=4))
    next_batch = in_background(box)
    sleep(0.05)
    assert done == ["released"]
    assert not next_batch.done()
    box.close()
    assert next_batch.result(timeout=WOKEN_WITHIN_S) is None


def test_with_nothing_in_hand_a_release_is_done_at_once() -> None:
    box, done = inbox(), []
    box.put(OURS, records(4))
    box.release(lambda: done.append("released"))
    assert done == ["released"]


def test_the_end_of_an_assignment_that_is_not_ours_changes_nothing() -> None:
    box = inbox()
    box.put(OURS, records(2))
    box.end(assignment())
    assert box.holds(OURS)
    assert taken(box.take()) == [0, 1]
    box.end(OURS)
    assert not box.holds(OURS)


def test_what_has_ended_is_not_held_any_more() -> None:
    box = inbox()
    assert box.holds(OURS)
    box.end()
    assert not box.holds(OURS)
    box.begin(assignment())
    assert not box.holds(OURS)


def test_what_waits_and_what_is_in_hand_is_unfinished() -> None:
    box = inbox(BatchBudget(1_000, max_records=2))
    box.put(OURS, [*records(3), *records(1, SECOND)])
    box.take()
    assert box.unfinished() == {FIRST: 3, SECOND: 1}
    box.take()
    box.close()
    box.take()
    assert not box.unfinished()


def test_a_closed_inbox_hands_out_nothing_and_wakes_who_waits() -> None:
    box = inbox(full=1)
    batch = in_background(box)
    sleep(0.05)
    box.close()
    assert batch.result(timeout=WOKEN_WITHIN_S) is None
    box.put(OURS, records(1))
    assert box.take() is None
    assert box.wait_for_room(20)


PARTITIONS = st.sampled_from([FIRST, SECOND])


class InboxOfAGroupThatRebalances(RuleBasedStateMachine):
    """A topic is read; what is ours goes and comes back to where the batch before was done."""

    def __init__(self) -> None:
        super().__init__()
        self.box = Inbox(BatchBudget(max_tokens=1_000, max_records=3), 0.0, 10)
        self.ours: Assignment | None = None
        self.before: Assignment | None = None
        self.read_to: defaultdict[Partition, int] = defaultdict(int)
        self.done_to: defaultdict[Partition, int] = defaultdict(int)
        self.in_hand: Batch | None = None
        self.begin()

    @rule()
    def begin(self) -> None:
        self.before, self.ours = self.ours, assignment()
        self.read_to = defaultdict(int, self.done_to)
        self.box.begin(self.ours)

    @rule(partition=PARTITIONS, count=st.integers(1, 5))
    def read(self, partition: Partition, count: int) -> None:
        self.box.put(self.ours, records(count, partition, first=self.read_to[partition]))
        self.read_to[partition] += count

    @rule(partition=PARTITIONS, count=st.integers(1, 5))
    def read_late_what_is_not_ours_any_more(self, partition: Partition, count: int) -> None:
        self.box.put(self.before, records(count, partition, first=self.read_to[partition]))

    @precondition(lambda self: self.waits())
    @rule()
    def take(self) -> None:
        self.finish()
        self.in_hand = self.box.take()
        assert self.in_hand is not None
        assert self.in_hand.assignment is self.ours
        for partition in (FIRST, SECOND):
            numbers = [one.offset for one in self.in_hand.records if one.partition == partition]
            begin = self.done_to[partition]
            assert numbers == list(range(begin, begin + len(numbers)))

    def waits(self) -> bool:
        """Whether a batch is to be had once the one in hand is done."""
        self.finish()
        return (
            any(self.read_to[p] > self.done_to[p] for p in (FIRST, SECOND))
            and self.ours is not None
        )

    def finish(self) -> None:
        batch, self.in_hand = self.in_hand, None
        if batch is not None and self.box.holds(batch.assignment):
            for one in batch.records:
                self.done_to[one.partition] = one.offset + 1


InboxOfAGroupThatRebalances.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestInboxOfAGroupThatRebalances = InboxOfAGroupThatRebalances.TestCase
