"""How much of earlier tasks a model forgot, from a matrix of accuracies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textwire.errors import DataError

Accuracies = NDArray[np.float64]


class Forgetting(NamedTuple):
    """What came of learning T tasks one after another."""

    average_accuracy: float  # over all tasks, at the end
    backward_transfer: float  # below 0: what was learned later took something away
    mean_forgetting: float  # of the tasks before the last one
    most_forgotten: float  # of the task that lost most


def measure_forgetting(matrix: Accuracies) -> Forgetting:
    """Figures of a sequence.

    ACC = mean of R[T, i]; BWT = mean over i < T of R[T, i] - R[i, i] (Lopez-Paz & Ranzato). What
    was forgotten of i is the best that was known of it, less what is known at the end (Chaudhry).

    Args:   matrix: (tasks, tasks) float; R[t, i] is the accuracy on task i after learning task t.
            Of tasks that come later it may say anything, NaN too.
    Raises: DataError: it is not square, or lacks an accuracy.
    Source: Lopez-Paz & Ranzato 2017, arXiv:1706.08840; Chaudhry et al. 2018, arXiv:1801.10112.
    """
    known = _checked(matrix)
    last = known[-1]
    if len(known) == 1:
        return Forgetting(float(last[0]), 0.0, 0.0, 0.0)
    lost = forgotten(known)
    return Forgetting(
        average_accuracy=float(last.mean()),
        backward_transfer=float((last - known.diagonal())[:-1].mean()),
        mean_forgetting=float(lost.mean()),
        most_forgotten=float(lost.max()),
    )


def forgotten(matrix: Accuracies) -> NDArray[np.float64]:
    """Of each task but the last one, the best that was known of it less what is known at the end.

    A gate refuses a model where one of these is more than may be forgotten. Below 0: the task
    profited from a later one.

    Args:    matrix: (tasks, tasks) float, see `measure_forgetting`.
    Returns: (tasks - 1,) float.
    Raises:  DataError: it is not square, or lacks an accuracy.
    """
    known = _checked(matrix)
    last = len(known) - 1
    best = [known[task:last, task].max() for task in range(last)]
    return np.array(best, dtype=np.float64) - known[-1, :-1]


def _checked(matrix: Accuracies) -> Accuracies:
    known = np.asarray(matrix, dtype=np.float64)
    if known.ndim != 2 or known.shape[0] != known.shape[1] or not known.size:
        raise DataError(
            f"Accuracies of T tasks are a matrix of T rows and T columns, not {known.shape}."
        )
    if np.isnan(known[np.tril_indices(len(known))]).any():
        raise DataError("An accuracy on a task that was learned already is missing.")
    return known
