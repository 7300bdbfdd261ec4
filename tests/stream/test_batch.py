from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import record
from textwire.stream.batch import BatchBudget, estimated_tokens
from textwire.wire.record import Record

sizes = st.lists(st.integers(0, 300), min_size=1, max_size=40)
budgets = st.builds(BatchBudget, st.integers(1, 100), st.integers(1, 10))


def waiting(value_bytes: list[int]) -> list[Record]:
    return [record(n, value=b"x" * size) for n, size in enumerate(value_bytes)]


def test_a_record_larger_than_the_budget_is_a_batch_of_its_own() -> None:
    assert len(list(BatchBudget(10, 10).fill(waiting([4000, 4])))) == 1


def test_nothing_waiting_is_no_full_batch() -> None:
    assert list(BatchBudget(10, 10).fill([])) == []
    assert not BatchBudget(10, 10).is_full(records=0, tokens=0)


def test_a_record_without_value_still_counts() -> None:
    assert estimated_tokens(record(0, value=None)) == 1


def test_four_bytes_are_about_a_token() -> None:
    assert estimated_tokens(record(0, value=b"x" * 400)) == 100


@given(sizes, budgets)
def test_a_batch_is_what_stands_in_front(value_bytes: list[int], budget: BatchBudget) -> None:
    batch = list(budget.fill(waiting(value_bytes)))
    assert [one.offset for one in batch] == list(range(len(batch)))
    assert batch


@given(sizes, budgets)
def test_a_batch_of_several_keeps_within_the_budget(
    value_bytes: list[int], budget: BatchBudget
) -> None:
    batch = list(budget.fill(waiting(value_bytes)))
    assert len(batch) <= budget.max_records
    assert len(batch) == 1 or sum(map(estimated_tokens, batch)) <= budget.max_tokens


@given(sizes, budgets, st.integers(0, 300))
def test_a_full_batch_does_not_grow_with_one_more_record(
    value_bytes: list[int], budget: BatchBudget, one_more: int
) -> None:
    queue = waiting(value_bytes)
    if not budget.is_full(len(queue), sum(map(estimated_tokens, queue))):
        return
    longer = waiting([*value_bytes, one_more])
    assert len(list(budget.fill(longer))) == len(list(budget.fill(queue)))
