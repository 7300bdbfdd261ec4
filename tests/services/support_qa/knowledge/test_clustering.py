from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis.strategies import floats, integers

from services.support_qa.knowledge.clustering import clusters


def unit(seed: int, count: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(seed=integers(0, 99), count=integers(0, 40), least=floats(-0.5, 1.0))
def test_every_text_is_in_one_group_and_near_to_its_first(seed, count, least) -> None:
    vectors = unit(seed, count)
    groups = clusters(vectors, least)
    assert sorted(place for group in groups for place in group) == list(range(count))
    assert [len(g) for g in groups] == sorted((len(g) for g in groups), reverse=True)
    for first, *others in groups:
        assert all(vectors[first] @ vectors[other] >= least - 1e-5 for other in others)


def test_the_one_with_most_neighbours_stands_for_its_group() -> None:
    angles = np.radians([0, 25, 50, 180])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert clusters(vectors, 0.9) == [[1, 0, 2], [3]]
