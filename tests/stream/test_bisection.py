from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RedisUnavailable
from textwire.stream.bisection import bisect

BAD = 13
batches = st.lists(st.integers(0, 20), max_size=60)


class Doubling:
    """Fails on a batch that holds 13; counts how often it is called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, batch: Sequence[int]) -> list[int]:
        self.calls += 1
        if BAD in batch:
            raise ValueError("unlucky")
        return [2 * number for number in batch]


@given(batches)
def test_only_the_items_at_fault_fail(batch: list[int]) -> None:
    made = bisect(Doubling(), batch)
    assert [str(one) if isinstance(one, Exception) else one for one in made] == [
        "unlucky" if number == BAD else 2 * number for number in batch
    ]


@given(st.integers(1, 256), st.data())
def test_one_item_at_fault_costs_about_two_calls_for_each_halving(
    size: int, data: st.DataObject
) -> None:
    batch = [0] * size
    batch[data.draw(st.integers(0, size - 1))] = BAD
    doubling = Doubling()
    bisect(doubling, batch)
    assert doubling.calls <= 2 * size.bit_length() + 1


def test_a_batch_without_fault_is_processed_once() -> None:
    doubling = Doubling()
    bisect(doubling, [1, 2, 3, 4])
    assert doubling.calls == 1


def test_an_empty_batch_is_not_processed() -> None:
    doubling = Doubling()
    assert bisect(doubling, []) == []
    assert doubling.calls == 0


def test_what_is_away_is_nobodys_fault() -> None:
    def process(batch: Sequence[int]) -> list[int]:
        raise RedisUnavailable("away")

    with pytest.raises(RedisUnavailable):
        bisect(process, [1, 2])


@pytest.mark.parametrize("made", [[], [1], [1, 2, 3]])
def test_another_number_of_results_than_of_messages_is_a_fault(made: list[int]) -> None:
    results = bisect(lambda batch: made, [1, 2])
    expected = 2 if len(made) != 1 else 0
    assert sum(isinstance(one, ValueError) for one in results) == expected


def test_the_order_to_stop_is_obeyed() -> None:
    def process(batch: Sequence[int]) -> list[int]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bisect(process, [1, 2])
