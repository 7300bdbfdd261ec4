import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import DimensionMismatch
from textwire.models.engines.encoder import Vectors
from textwire.search.vectors import VectorIndex

DIMENSION = 8
IDS = st.integers(min_value=0, max_value=12)
UPDATES = st.lists(
    st.tuples(st.lists(IDS, unique=True, max_size=6), st.lists(IDS, max_size=4)), max_size=8
)


def unit_vectors(count: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def brute_force(held: dict[int, Vectors], query: Vectors, k: int) -> list[tuple[float, int]]:
    scored = [(float(query @ vector), id_) for id_, vector in held.items()]
    return sorted(scored, key=lambda one: -one[0])[:k]


@given(UPDATES, st.integers(1, 15), st.integers(0, 2**32 - 1))
def test_search_equals_brute_force_after_any_updates(updates, k, seed) -> None:
    index, held = VectorIndex(DIMENSION), {}
    for number, (put, removed) in enumerate(updates):
        vectors = unit_vectors(len(put), seed + number)
        index = index.changed(put, vectors, removed)
        held = {id_: v for id_, v in held.items() if id_ not in removed}
        held |= dict(zip(put, vectors, strict=True))
    queries = unit_vectors(3, seed + 1000)
    scores, ids = index.search(queries, k)
    assert len(index) == len(held)
    assert scores.dtype == np.float32
    assert ids.dtype == np.int64
    for query, row_scores, row_ids in zip(queries, scores, ids, strict=True):
        expected = brute_force(held, query, k)
        missing = k - len(expected)
        assert list(row_ids) == [id_ for _, id_ in expected] + [-1] * missing
        assert np.allclose(row_scores[: len(expected)], [s for s, _ in expected], atol=1e-5)
        assert np.all(np.isneginf(row_scores[len(expected) :]))


def test_an_index_in_use_is_not_touched_by_a_change() -> None:
    vectors = unit_vectors(3, seed=1)
    before = VectorIndex(DIMENSION).changed([1, 2], vectors[:2])
    after = before.changed([2, 3], vectors[[2, 0]], removed_ids=[1])
    assert set(before.search(vectors[:1], 3)[1][0]) == {1, 2, -1}
    assert set(after.search(vectors[:1], 3)[1][0]) == {2, 3, -1}
    assert before.cosines(vectors[1], [2]) == pytest.approx([1.0], abs=1e-5)
    assert after.cosines(vectors[2], [2]) == pytest.approx([1.0], abs=1e-5)


def test_ids_that_are_not_there_can_be_removed() -> None:
    assert len(VectorIndex(DIMENSION).changed([], unit_vectors(0, 0), [7])) == 0


def test_vectors_of_another_width_are_refused_with_what_to_do() -> None:
    wrong = np.ones((1, DIMENSION + 1), dtype=np.float32)
    with pytest.raises(DimensionMismatch, match="another model"):
        VectorIndex(DIMENSION).search(wrong, 1)
    with pytest.raises(DimensionMismatch):
        VectorIndex(DIMENSION).changed([1], wrong)
