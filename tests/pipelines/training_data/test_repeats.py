"""Texts that a file holds more than once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training_data.repeats import LabelledText, distinct_texts
from pipelines.training_data.splits import Split
from textwire.errors import DataError
from textwire.rows.bad_rows import Place

Rows = list[tuple[int, int, Split]]
rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 1), st.sampled_from(["train", "held_out"]))
)


def texts(given_rows: Rows) -> list[LabelledText[tuple[int, int]]]:
    return [
        LabelledText(key, label, split, Place(Path("a.csv"), line), (key, label))
        for line, (key, label, split) in enumerate(given_rows, start=2)
    ]


@given(rows)
def test_what_is_kept_on_demand_is_in_one_part_and_has_one_label(given_rows: Rows) -> None:
    found = distinct_texts(texts(given_rows), drop_repeats=True)
    kept = [*found.train, *found.held_out]
    assert len({key for key, _ in kept}) == len(kept)
    assert len(kept) + found.repeated + found.dropped == len(given_rows)
    for key, _ in kept:
        assert len({label for k, label, _ in given_rows if k == key}) == 1


@given(rows)
def test_what_needs_nothing_left_out_is_read_either_way(given_rows: Rows) -> None:
    try:
        found = distinct_texts(texts(given_rows), drop_repeats=False)
    except DataError:
        assert distinct_texts(texts(given_rows), drop_repeats=True).dropped
    else:
        assert found == distinct_texts(texts(given_rows), drop_repeats=True)


def test_many_are_named_up_to_a_page() -> None:
    both: Rows = [(n, 0, split) for n in range(50) for split in ("train", "held_out")]
    with pytest.raises(DataError, match=r"(?s)50 texts.*and 30 more"):
        distinct_texts(texts(both), drop_repeats=False)
