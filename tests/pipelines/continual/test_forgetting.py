"""Figures of forgetting, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.continual.forgetting import forgotten, measure_forgetting
from textwire.errors import DataError

NAN = np.nan


def test_figures_by_hand() -> None:
    matrix = np.array([[0.9, NAN, NAN], [0.7, 0.8, NAN], [0.6, 0.85, 0.9]])
    found = measure_forgetting(matrix)
    assert found.average_accuracy == pytest.approx((0.6 + 0.85 + 0.9) / 3)
    assert found.backward_transfer == pytest.approx((-0.3 + 0.05) / 2)
    assert found.mean_forgetting == pytest.approx((0.3 - 0.05) / 2)
    assert found.most_forgotten == pytest.approx(0.3)


def test_what_a_task_won_later_is_lost_too_when_it_is_gone() -> None:
    matrix = np.array([[0.5, 0, 0], [0.9, 0.8, 0], [0.6, 0.8, 0.9]])
    assert forgotten(matrix) == pytest.approx([0.3, 0.0])
    assert measure_forgetting(matrix).backward_transfer == pytest.approx(0.05)


@given(arrays(float, st.integers(1, 6).map(lambda n: (n, n)), elements=st.floats(0, 1)))
def test_nothing_is_forgotten_less_than_backward_transfer_says(matrix: np.ndarray) -> None:
    found = measure_forgetting(matrix)
    assert found.mean_forgetting >= -found.backward_transfer - 1e-12
    assert len(forgotten(matrix)) == len(matrix) - 1


@given(st.floats(0, 1), st.integers(1, 6))
def test_who_changes_nothing_forgets_nothing(accuracy: float, tasks: int) -> None:
    found = measure_forgetting(np.full((tasks, tasks), accuracy))
    assert (found.backward_transfer, found.mean_forgetting) == (0, 0)


@pytest.mark.parametrize("matrix", [np.zeros((2, 3)), np.zeros(3), np.zeros((0, 0))])
def test_another_shape_is_refused(matrix: np.ndarray) -> None:
    with pytest.raises(DataError, match="T rows"):
        forgotten(matrix)


def test_an_accuracy_that_is_missing_is_said() -> None:
    with pytest.raises(DataError, match="missing"):
        forgotten(np.array([[0.5, NAN], [NAN, 0.5]]))
