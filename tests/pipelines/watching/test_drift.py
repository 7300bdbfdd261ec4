"""Two-sample tests: what is the same is rarely told apart, what has moved is."""

import numpy as np
import pytest

from pipelines.watching.drift import LEAST_ROWS, find_drift

LABELS = 3


def said(rows: int, seed: int, towards: float = 1.0) -> np.ndarray:
    """Probabilities of three labels, of which the first is said more often the larger `towards`."""
    rng = np.random.default_rng(seed)
    labels = rng.dirichlet([towards, 1.0, 1.0], size=rows).astype(np.float32)
    return np.hstack([labels.max(axis=1, keepdims=True), labels])


def test_of_the_same_distribution_few_are_told_apart() -> None:
    found = [
        one.drifted
        for seed in range(60)
        for one in find_drift(said(300, seed), said(300, -seed % 997 + 1_000))
    ]
    # Level 0.005 each: of 120 tests 0.6 are expected.
    assert sum(found) <= 4


def test_what_is_said_otherwise_is_found_by_both() -> None:
    scores, vectors = find_drift(said(500, 1), said(500, 2, towards=6.0))
    assert (scores.of, scores.drifted, vectors.of, vectors.drifted) == (
        "scores",
        True,
        "vectors",
        True,
    )
    assert vectors.statistic > 0.6


def test_labels_that_change_places_keep_scores_and_are_found_by_vectors_alone() -> None:
    one, other = said(500, 1, towards=4.0), said(500, 2, towards=4.0)
    scores, vectors = find_drift(one, other[:, [0, 2, 1, 3]])
    assert (scores.drifted, vectors.drifted) == (False, True)


@pytest.mark.parametrize("rows", [0, LEAST_ROWS - 1])
def test_too_few_rows_are_not_tested(rows: int) -> None:
    assert find_drift(said(rows, 1) if rows else np.empty((0, 4), np.float32), said(500, 2)) == ()
