"""Engines that agree, and engines that are refused."""

import numpy as np
import pytest

from pipelines.measuring.agreement import (
    LabelAgreement,
    VectorAgreement,
    compare_labels,
    compare_vectors,
)
from textwire.errors import ArtifactError


def test_engines_that_agree_compare_as_one() -> None:
    vectors = np.eye(4, dtype=np.float32)
    assert compare_vectors(vectors, vectors, vectors, vectors) == VectorAgreement(1.0, 1.0, 1.0)


def test_a_first_passage_that_changed_is_counted() -> None:
    passages = np.eye(2, dtype=np.float32)
    questions = np.array([[0.8, 0.6], [0.6, 0.8]], dtype=np.float32)
    agreement = compare_vectors(questions, passages, questions[::-1], passages)
    assert agreement.top1 == 0.0
    assert agreement.cosine_min == pytest.approx(0.96)


@pytest.mark.parametrize("bounds", [(0.99, 0.5), (0.9, 0.8)])
def test_an_engine_below_a_bound_is_refused(bounds: tuple[float, float]) -> None:
    VectorAgreement(0.98, 0.9, 0.75).require(0.98, 0.75)
    with pytest.raises(ArtifactError, match="strays too far"):
        VectorAgreement(0.98, 0.9, 0.75).require(*bounds)


def test_engines_that_label_otherwise_are_refused() -> None:
    one = np.eye(3, dtype=np.float32)
    other = one[[0, 1, 1]]
    agreement: LabelAgreement = compare_labels(one, other)
    assert agreement.same_label == pytest.approx(2 / 3)
    assert agreement.max_gap == 1.0
    agreement.require(same_label=0.6)
    with pytest.raises(ArtifactError, match="strays too far"):
        agreement.require(same_label=0.9)
