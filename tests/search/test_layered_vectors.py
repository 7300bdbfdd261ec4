from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwire.errors import DimensionMismatch
from textwire.search.layered_vectors import MOST_GONE, SMALLEST_FULL_LAYER, LayeredIndex
from textwire.search.vectors import NOTHING, VectorIndex

WIDTH = 8


def units(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


CHANGES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 3_000), max_size=400, unique=True),
        st.lists(st.integers(0, 3_000), max_size=150),
    ),
    max_size=12,
)


@settings(max_examples=30)
@given(CHANGES)
def test_it_finds_what_a_flat_index_finds_after_any_changes(changes) -> None:
    layered, flat = LayeredIndex(WIDTH), VectorIndex(WIDTH)
    for number, (put, removed) in enumerate(changes):
        vectors = units(len(put), number)
        layered = layered.changed(put, vectors, removed)
        flat = flat.changed(put, vectors, removed)
    assert len(layered) == len(flat)
    expected_scores, expected = flat.search(units(3, 99), 20)
    scores, found = layered.search(units(3, 99), 20)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-6)
    assert (found == expected).mean() > 0.99  # of equal ones, either may stand first
    there = [int(id_) for id_ in expected[0] if id_ != NOTHING]
    np.testing.assert_array_equal(layered.vectors_of(there), flat.vectors_of(there))


def test_an_index_that_was_changed_stays_as_it_was() -> None:
    many = SMALLEST_FULL_LAYER + 1
    before = LayeredIndex(WIDTH).changed(range(many), units(many))
    scores, ids = before.search(units(2, 7), 5)
    before.changed([0, 5], units(2, 3), range(10, 10 + MOST_GONE))
    again, same = before.search(units(2, 7), 5)
    np.testing.assert_array_equal(ids, same)
    np.testing.assert_array_equal(scores, again)


def test_a_small_change_copies_the_layer_and_not_the_base() -> None:
    many = SMALLEST_FULL_LAYER + 1
    before = LayeredIndex(WIDTH).changed(range(many), units(many))
    after = before.changed([many], units(1))
    assert after._base is before._base


def test_removed_vectors_are_let_go_of_in_the_end() -> None:
    many = 2 * SMALLEST_FULL_LAYER
    index = LayeredIndex(WIDTH).changed(range(many), units(many))
    for id_ in range(MOST_GONE + 1):
        index = index.changed([], units(0), [id_])
    assert len(index) == len(index._base) == many - MOST_GONE - 1


def test_nothing_is_found_where_nothing_is() -> None:
    scores, ids = LayeredIndex(WIDTH).search(units(1), 3)
    assert ids.tolist() == [[NOTHING] * 3]
    assert np.isneginf(scores).all()


def test_vectors_of_another_width_are_refused() -> None:
    with pytest.raises(DimensionMismatch):
        LayeredIndex(WIDTH).changed([1], np.ones((1, 3), dtype=np.float32))


@settings(max_examples=30)
@given(CHANGES, st.lists(st.integers(0, 3_200), min_size=1, max_size=300, unique=True))
def test_among_some_ids_it_finds_the_nearest_of_those_alone(changes, among) -> None:
    layered = LayeredIndex(WIDTH)
    held: dict[int, np.ndarray] = {}
    for number, (put, removed) in enumerate(changes):
        vectors = units(len(put), number)
        layered = layered.changed(put, vectors, removed)
        for id_ in removed:
            held.pop(id_, None)
        held |= dict(zip(put, vectors, strict=True))
    (query,) = units(1, 99)
    scores, found = layered.search(query[None], 5, np.array(among, dtype=np.int64))
    expected = sorted(-float(query @ held[id_]) for id_ in among if id_ in held)[:5]
    there = found[0] != NOTHING
    assert set(found[0][there].tolist()) <= set(among) & set(held)
    np.testing.assert_allclose(scores[0][there], -np.array(expected), atol=1e-5)
