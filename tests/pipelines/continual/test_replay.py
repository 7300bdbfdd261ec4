"""The reservoir of what is learned again."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.continual.replay import REPLAY_FILE, Kept, Reservoir, read_reservoir
from textwire.errors import DataError


def some(count: int, period: str = "a") -> list[Kept]:
    return [Kept(f"{period} {number}", number % 3, period) for number in range(count)]


@given(st.integers(1, 20), st.lists(st.integers(0, 30), max_size=4), st.integers())
def test_it_holds_different_examples_and_never_more_than_its_size(
    size: int, periods: list[int], seed: int
) -> None:
    reservoir, rng = Reservoir(size), random.Random(seed)
    for number, count in enumerate(periods):
        reservoir.add(some(count, str(number)), rng)
    assert reservoir.seen == sum(periods)
    assert len(reservoir.kept) == min(size, sum(periods))
    assert len(set(reservoir.kept)) == len(reservoir.kept)


def test_every_example_is_as_likely_to_be_kept() -> None:
    counts = [0] * 20
    for seed in range(2_000):
        reservoir = Reservoir(5)
        reservoir.add(some(20), random.Random(seed))
        for kept in reservoir.kept:
            counts[int(kept.text.split()[1])] += 1
    # 500 each are expected; a standard deviation is 19.
    assert 400 < min(counts) <= max(counts) < 600


def test_it_stands_beside_an_artifact_and_goes_on_from_there(tmp_path: Path) -> None:
    first = Reservoir(4)
    first.add(some(9), random.Random(0))
    first.write(tmp_path)
    again = read_reservoir(tmp_path, size=99)
    assert again == first
    assert [file.name for file in tmp_path.iterdir()] == [REPLAY_FILE]


def test_where_there_is_none_it_is_empty_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    assert read_reservoir(tmp_path, 7) == Reservoir(7)
    (tmp_path / REPLAY_FILE).write_bytes(b"{")
    with pytest.raises(DataError, match=REPLAY_FILE):
        read_reservoir(tmp_path, 7)
