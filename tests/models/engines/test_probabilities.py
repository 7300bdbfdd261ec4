from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.services.recommendations.shops import artifact as made
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads, sigmoid, softmax

LOGITS = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=5),
    elements=st.floats(-1e6, 1e6, width=32),
)


def artifact(**said: object) -> Artifact:
    return Artifact(Path("v1"), msgspec.structs.replace(made().manifest, **said))


@given(LOGITS)
def test_of_classes_of_which_one_is_right_the_probabilities_sum_to_one(logits: Vectors) -> None:
    given = softmax(logits)
    assert given.sum(axis=1) == pytest.approx(np.ones(len(logits)), abs=1e-5)
    assert ((given >= 0) & (given <= 1)).all()
    highest = logits.max(axis=1, keepdims=True)
    assert (given[logits == highest] >= given.max(axis=1, keepdims=True).min() - 1e-6).all()


@given(LOGITS, st.floats(-50, 50, width=32))
def test_what_is_added_to_all_logits_changes_no_probability(logits: Vectors, more: float) -> None:
    small = np.clip(logits, -50, 50)
    assert softmax(small + np.float32(more)) == pytest.approx(softmax(small), abs=1e-4)


@given(LOGITS)
def test_of_classes_each_of_which_may_be_right_each_has_its_own(logits: Vectors) -> None:
    given = sigmoid(logits)
    assert ((given >= 0) & (given <= 1)).all()
    assert given + sigmoid(-logits) == pytest.approx(np.ones_like(given), abs=1e-6)


def test_no_classes_have_no_probabilities() -> None:
    assert softmax(np.empty((3, 0), np.float32)).shape == (3, 0)


def test_logits_are_divided_by_each_heads_temperature() -> None:
    heads = Heads.of(
        artifact(labels=("no", "yes"), topics=("tax",), temperatures={"labels": 2.0, "topics": 4.0})
    )
    found = heads.classified(np.array([[0.0, 2.0]], np.float32), np.array([[4.0]], np.float32))
    assert found.labels == pytest.approx(softmax(np.array([[0.0, 1.0]], np.float32)))
    assert found.topics == pytest.approx(sigmoid(np.array([[1.0]], np.float32)))


def test_without_a_temperature_logits_are_taken_as_they_are() -> None:
    heads = Heads.of(artifact(labels=("no", "yes")))
    assert (heads.label_temperature, heads.topic_temperature) == (1.0, 1.0)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"labels": ("a", "a")},
        {"labels": ("a",), "topics": ("t", "t")},
        {"labels": ("a",), "temperatures": {"labels": 0.0}},
        {"labels": ("a",), "temperatures": {"topics": -1.0}},
    ],
)
def test_a_manifest_that_describes_no_classifier_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ArtifactCorrupt, match="does not describe a classifier"):
        Heads.of(artifact(**said))
