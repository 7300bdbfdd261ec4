from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RedisUnavailable
from textwire.stream.bisection import in_pieces
from textwire.stream.retrying import Stopped

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
def test_pieces_are_the_batch_in_its_order_and_only_the_items_at_fault_fail(
    batch: list[int],
) -> None:
    gone_through: list[int] = []
    for piece, made in in_pieces(Doubling(), batch):
        gone_through += piece
        if isinstance(made, Exception):
            assert list(piece) == [BAD]
        else:
            assert made == [2 * number for number in piece]
    assert gone_through == batch


@given(st.integers(1, 256), st.data())
def test_one_item_at_fault_costs_about_two_calls_for_each_halving(
    size: int, data: st.DataObject
) -> None:
    batch = [0] * size
    batch[data.draw(st.integers(0, size - 1))] = BAD
    doubling = Doubling()
    assert list(in_pieces(doubling, batch))
    assert doubling.calls <= 2 * size.bit_length() + 1


def test_a_batch_without_fault_is_one_piece() -> None:
    assert list(in_pieces(Doubling(), [1, 2, 3, 4])) == [([1, 2, 3, 4], [2, 4, 6, 8])]


def test_an_empty_batch_has_no_pieces() -> None:
    assert list(in_pieces(Doubling(), [])) == []


def test_a_piece_is_processed_when_what_came_before_it_has_been_taken() -> None:
    told: list[str] = []

    def process(batch: Sequence[int]) -> str:
        told.append(f"process {list(batch)}")
        if len(batch) > 1:
            raise ValueError("only one by one")
        return "done"

    for piece, _ in in_pieces(process, [1, 2]):
        told.append(f"store {list(piece)}")
    assert told == ["process [1, 2]", "process [1]", "store [1]", "process [2]", "store [2]"]


@pytest.mark.parametrize("error", [RedisUnavailable("away"), Stopped()])
def test_what_is_no_items_fault_is_told(error: Exception) -> None:
    def process(batch: Sequence[int]) -> list[int]:
        raise error

    with pytest.raises(type(error)):
        list(in_pieces(process, [1, 2]))


def test_the_order_to_stop_is_obeyed() -> None:
    def process(batch: Sequence[int]) -> list[int]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(in_pieces(process, [1, 2]))
