import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.measuring.temperature import fit_label_temperature, fit_topic_temperature
from textwire.models.engines.probabilities import sigmoid, softmax

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_was_put_in_is_found(true: float) -> None:
    logits = RNG.normal(size=(4000, 3)).astype(np.float32) * 2
    drawn = np.array([RNG.choice(3, p=row / row.sum()) for row in softmax(logits).astype(float)])
    assert fit_label_temperature(logits * true, drawn) == pytest.approx(true, rel=0.15)
    topics = RNG.random((4000, 3)) < sigmoid(logits)
    assert fit_topic_temperature(logits * true, topics) == pytest.approx(true, rel=0.15)


@settings(max_examples=30)  # some 400 temperatures are tried each time
@given(st.lists(st.floats(-200, 200, width=32), min_size=6, max_size=6))
def test_any_logits_give_a_temperature(values: list[float]) -> None:
    logits = np.array(values, dtype=np.float32).reshape(2, 3)
    assert 0 < fit_label_temperature(logits, np.array([0, 2])) <= 10.0
    assert 0 < fit_topic_temperature(logits, logits > 0) <= 10.0


@given(st.lists(st.floats(-500, 500, width=32), min_size=3, max_size=30))
def test_probabilities_never_overflow(values: list[float]) -> None:
    logits = np.array(values[: len(values) // 3 * 3], dtype=np.float32).reshape(-1, 3)
    np.testing.assert_allclose(softmax(logits).sum(axis=1), 1.0, atol=1e-5)
    assert np.isfinite(sigmoid(logits)).all()
