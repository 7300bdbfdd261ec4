import numpy as np
import pytest

from pipelines.measuring.classification_metrics import macro_f1, measure_labels, measure_topics


def test_labels_by_hand() -> None:
    probabilities = np.array([[0.8, 0.2, 0], [0.4, 0.6, 0], [0.9, 0.1, 0]], dtype=np.float32)
    m = measure_labels(probabilities, np.array([0, 0, 1]))
    assert m["accuracy"] == pytest.approx(1 / 3)
    # Label 0: one of two given is right, one of two found. Label 1: none right.
    assert m["macro_f1"] == pytest.approx((0.5 + 0.0) / 2)
    assert m["brier"] == pytest.approx((2 * 0.2**2 + 2 * 0.6**2 + 2 * 0.9**2) / 3)


def test_a_label_that_does_not_occur_does_not_count() -> None:
    assert macro_f1(np.array([0, 1]), np.array([0, 1])) == 1.0


def test_topics_by_hand() -> None:
    right = np.array([[1, 0, 0], [1, 1, 0]], dtype=bool)
    given = np.array([[1, 0, 0], [0, 1, 1]], dtype=bool)
    m = measure_topics(given, right)
    assert m["micro_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    # The third topic does not occur.
    assert m["macro_f1"] == pytest.approx((2 / 3 + 1) / 2)
