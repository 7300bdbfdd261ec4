"""Figures of what was told of a test part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from pipelines.classify.data import ClassedText
from pipelines.classify.public.figures import figures_of

ONE_EACH = st.lists(st.tuples(*[st.sampled_from("abc")] * 2), min_size=1, max_size=30)
SETS = st.frozensets(st.sampled_from("abc"))


def texts_of(classes: list[frozenset[str]]) -> list[ClassedText]:
    return [ClassedText(f"text {n}", some) for n, some in enumerate(classes)]


@given(ONE_EACH)
def test_where_a_text_has_one_class_micro_f1_is_accuracy(rows: list[tuple[str, str]]) -> None:
    told = [frozenset(one) for one, _ in rows]
    found = figures_of(told, texts_of([frozenset(right) for _, right in rows]))
    assert found.micro_f1 == pytest.approx(np.mean([one == right for one, right in rows]))


@given(st.lists(st.tuples(SETS, SETS), min_size=1, max_size=30))
def test_micro_f1_is_that_of_scikit_learn(
    rows: list[tuple[frozenset[str], frozenset[str]]],
) -> None:
    told, right = [one for one, _ in rows], [one for _, one in rows]
    if not any(right):
        return
    given_columns, right_columns = (
        np.array([[name in row for name in "abc"] for row in some]) for some in (told, right)
    )
    expected = f1_score(right_columns, given_columns, average="micro", zero_division=0.0)
    assert figures_of(told, texts_of(right)).micro_f1 == pytest.approx(expected)


def test_the_error_of_a_difference_is_that_of_the_same_texts() -> None:
    rng = np.random.default_rng(0)
    right = [frozenset("a" if hard < 0.5 else "b") for hard in rng.random(1_000)]
    told = [
        one if luck < 0.8 else frozenset("c")
        for one, luck in zip(right, rng.random(1_000), strict=True)
    ]
    better = [
        one if luck < 0.02 else other
        for one, other, luck in zip(right, told, rng.random(1_000), strict=True)
    ]
    one, other = (figures_of(some, texts_of(right)) for some in (told, better))
    assert one.error == pytest.approx((0.8 * 0.2 / 1_000) ** 0.5, rel=0.2)
    gained, error = (float(part) for part in other.gain_over(one).split(" ± "))
    assert gained >= 0
    assert error < 100 * one.error / 2
    assert one.gain_over(one) == "+0.0 ± 0.0"
