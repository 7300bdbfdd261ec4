"""How sure a class must be."""

import numpy as np

from pipelines.measuring.class_thresholds import choose_thresholds

RNG = np.random.default_rng(0)


def test_a_threshold_parts_those_that_have_the_topic_from_those_that_have_not() -> None:
    right = RNG.random((400, 2)) < 0.2
    probabilities = np.where(right, 0.45, [0.2, 0.35]).astype(np.float32)
    for least, column, true in zip(
        choose_thresholds(probabilities, right), probabilities.T, right.T, strict=True
    ):
        assert ((column >= least) == true).all()


def test_a_topic_that_the_fitted_half_lacks_gets_what_the_others_have() -> None:
    right = np.zeros((50, 2), dtype=bool)
    right[:10, 0] = True
    probabilities = np.where(right, 0.8, 0.1).astype(np.float32)
    seen, unseen = choose_thresholds(probabilities, right)
    assert 0.1 < seen <= 0.8
    assert 0.1 < unseen < 0.9


def test_without_topics_there_are_no_thresholds() -> None:
    assert choose_thresholds(np.zeros((5, 0), np.float32), np.zeros((5, 0), bool)) == []
