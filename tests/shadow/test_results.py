"""What is kept of a challenger and of drift: bounded, and added up over replicas."""

import numpy as np

from textwire.results.memory import MemoryResults
from textwire.shadow.results import (
    WINDOW,
    compared_writes,
    observed_texts,
    observed_writes,
    read_shadow,
    read_windows,
    skipped_write,
)


def rows(number: int, value: float) -> np.ndarray:
    return np.full((number, 4), value, dtype=np.float32)


def test_figures_of_all_replicas_add_up_for_each_pair_of_versions() -> None:
    store = MemoryResults()
    for same in (3, 1):
        store.write(compared_writes("t", "v1", "v2", texts=4, same=same, difference=0.5))
    store.write(compared_writes("t", "v1", "v3", texts=1, same=0, difference=1.0))
    store.write([skipped_write("t", "v1", "v2", 7)])
    figures = read_shadow(store, "t", "v1", "v2")
    assert (figures.texts, figures.same, figures.skipped) == (8, 4, 7)
    assert (figures.agreement, figures.difference) == (0.5, 0.125)


def test_a_challenger_that_has_read_nothing_agrees_with_nothing() -> None:
    assert read_shadow(MemoryResults(), "t", "v1", "v2").agreement == 0.0


def test_two_windows_are_kept_however_much_was_seen() -> None:
    store = MemoryResults()
    store.write(observed_writes("t", "v1", rows(WINDOW, 0.25), WINDOW))
    for _ in range(3):
        store.write(observed_writes("t", "v1", rows(WINDOW, 0.75), 0))
    first, last = read_windows(store, "t", "v1")
    assert first.shape == last.shape == (WINDOW, 4)
    assert (first == 0.25).all()
    assert (last == 0.75).all()
    assert observed_texts(store, "t", "v1") == 4 * WINDOW


def test_rows_of_another_width_are_left_out() -> None:
    store = MemoryResults()
    store.write(observed_writes("t", "v1", np.zeros((2, 3), dtype=np.float32), 2))
    store.write(observed_writes("t", "v1", np.ones((1, 5), dtype=np.float32), 1))
    assert read_windows(store, "t", "v1")[0].shape == (1, 5)


def test_without_anything_seen_the_windows_are_empty() -> None:
    first, last = read_windows(MemoryResults(), "t", "v1")
    assert len(first) == len(last) == 0
