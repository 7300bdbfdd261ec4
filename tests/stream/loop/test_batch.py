from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import record
from textwire.settings import StreamSettings
from textwire.stream.loop.batch import BYTES_PER_TOKEN, BatchBudget, estimated_tokens
from textwire.stream.processor import Received, Result
from textwire.wire.record import Record
from textwire.wire.topic import Topic

sizes = st.integers(0, 300)
budgets = st.builds(BatchBudget, st.integers(1, 100), st.integers(1, 10))


def of_size(value_bytes: int) -> Record:
    return record(0, value=b"x" * value_bytes)


@given(sizes, budgets)
def test_an_empty_batch_has_room_for_any_record(value_bytes: int, budget: BatchBudget) -> None:
    assert budget.fits(of_size(value_bytes), records=0, tokens=0)


@given(sizes, budgets, st.integers(1, 12), st.integers(1, 120))
def test_a_batch_of_several_keeps_within_the_budget(
    value_bytes: int, budget: BatchBudget, records: int, tokens: int
) -> None:
    one_more = of_size(value_bytes)
    if budget.fits(one_more, records, tokens):
        assert records + 1 <= budget.max_records
        assert tokens + estimated_tokens(one_more) <= budget.max_tokens


def test_nothing_waiting_is_no_full_batch() -> None:
    assert not BatchBudget(10, 10).is_full(records=0, tokens=0)


def test_a_record_without_value_still_counts() -> None:
    assert estimated_tokens(record(0, value=None)) == 1


def test_four_bytes_are_about_a_token() -> None:
    assert estimated_tokens(record(0, value=b"x" * 400)) == 100


class Reading:
    name, model = "reads", "m"
    inputs: tuple[Topic, ...] = ()

    def process(self, batch: Sequence[Received]) -> list[Result]:
        return [Result() for _ in batch]


class Counting(Reading):
    batch_bytes = 1_000_000


def test_what_a_model_can_take_bounds_no_batch_that_none_reads() -> None:
    settings = StreamSettings(max_batch_tokens=100, max_batch_records=10)
    assert BatchBudget.of(Reading(), settings) == BatchBudget(100, 10)
    assert BatchBudget.of(Counting(), settings) == BatchBudget(1_000_000 // BYTES_PER_TOKEN, 10)
