"""Figures of texts with several classes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from pipelines.classify.evaluate import f1_of_texts

DECISIONS = arrays(np.bool_, st.tuples(st.integers(1, 20), st.just(5)))


@given(DECISIONS, st.randoms())
def test_the_f1_of_texts_is_that_of_scikit_learn(right: np.ndarray, rng) -> None:
    told = right ^ (np.array([[rng.random() < 0.3 for _ in row] for row in right]))
    expected = f1_score(right, told, average="samples", zero_division=1.0)
    assert np.isclose(f1_of_texts(told, right).mean(), expected)


def test_a_text_of_no_class_of_which_none_is_told_is_all_right() -> None:
    nothing = np.zeros((1, 3), dtype=bool)
    assert f1_of_texts(nothing, nothing) == [1.0]
