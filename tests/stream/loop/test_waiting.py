from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import FIRST, SECOND, record, records
from textwire.stream.loop.batch import BatchBudget, estimated_tokens
from textwire.stream.loop.waiting import WaitingRecords
from textwire.wire.record import Partition, Record

THIRD = Partition("other", 0)
arrivals = st.lists(st.sampled_from([FIRST, SECOND, THIRD]), max_size=60)
budgets = st.builds(BatchBudget, st.integers(1, 100), st.integers(1, 12))


def arrived(places: list[Partition]) -> list[Record]:
    """One record after the other, each partition's offsets ascending."""
    following: Counter[Partition] = Counter()
    made = []
    for place in places:
        made.append(record(following[place], place, b"x" * (7 * following[place] % 90)))
        following[place] += 1
    return made


def waiting(given_records: list[Record]) -> WaitingRecords:
    queues = WaitingRecords()
    queues.add(given_records)
    return queues


@given(arrivals)
def test_what_fits_into_one_batch_comes_in_the_order_it_arrived(places: list[Partition]) -> None:
    made = arrived(places)
    assert waiting(made).cut(BatchBudget(1_000_000, 1_000)) == made


@given(arrivals, budgets)
def test_everything_comes_once_and_in_order_within_its_partition(
    places: list[Partition], budget: BatchBudget
) -> None:
    made, queues, taken = arrived(places), waiting(arrived(places)), []
    while len(queues):
        batch = queues.cut(budget)
        assert 1 <= len(batch) <= budget.max_records
        taken += batch
    for place in (FIRST, SECOND, THIRD):
        assert [r for r in taken if r.partition == place] == [
            r for r in made if r.partition == place
        ]


@given(arrivals, budgets)
def test_what_waits_is_counted(places: list[Partition], budget: BatchBudget) -> None:
    made = arrived(places)
    queues = waiting(made)
    for one in queues.cut(budget):
        made.remove(one)
    assert len(queues) == len(made)
    assert queues.tokens == sum(map(estimated_tokens, made))
    assert queues.by_partition() == Counter(one.partition for one in made)


def test_a_record_of_another_partition_does_not_wait_for_all_of_a_burst() -> None:
    queues = waiting([*records(5_000, FIRST), *records(2, SECOND)])
    batch = queues.cut(BatchBudget(1_000_000, max_records=256))
    assert Counter(one.partition for one in batch) == {FIRST: 254, SECOND: 2}


def test_who_waits_longest_has_the_first_turn() -> None:
    queues = waiting([*records(1, SECOND), *records(3, FIRST)])
    assert [one.partition for one in queues.cut(BatchBudget(1_000, 1))] == [SECOND]


def test_a_large_record_does_not_make_batches_of_one_of_what_is_older() -> None:
    large = record(0, SECOND, b"x" * 4_000)
    queues = waiting([*records(100, FIRST), large, *records(100, THIRD)])
    assert Counter(one.partition for one in queues.cut(BatchBudget(900, 150))) == {
        FIRST: 75,
        THIRD: 75,
    }


@given(arrivals, budgets)
def test_who_waits_longest_is_in_every_batch(places: list[Partition], budget: BatchBudget) -> None:
    made, queues = arrived(places), waiting(arrived(places))
    while len(queues):
        oldest = made[0]
        batch = queues.cut(budget)
        assert oldest in batch
        made = [one for one in made if one not in batch]


@given(arrivals, budgets)
def test_a_batch_of_several_keeps_within_the_budget(
    places: list[Partition], budget: BatchBudget
) -> None:
    queues = waiting(arrived(places))
    while len(queues):
        batch = queues.cut(budget)
        assert len(batch) == 1 or sum(map(estimated_tokens, batch)) <= budget.max_tokens


def test_what_is_forgotten_does_not_wait_any_more() -> None:
    queues = waiting(records(3))
    queues.clear()
    assert (len(queues), queues.tokens, queues.by_partition()) == (0, 0, Counter())
