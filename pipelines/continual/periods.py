"""Periods learned in turn, and the matrix of what is known of each after each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.continual.forgetting import Accuracies
from pipelines.continual.learner import ContinualLearner, Period
from pipelines.running.progress import Progress


class Parts(NamedTuple):
    """A period's texts: to learn from, and to be judged on."""

    train: Period
    test: Period


def learn_in_turn(
    learner: ContinualLearner, periods: Sequence[Parts], progress: Progress
) -> Accuracies:
    """Accuracies (periods, periods): row t after learning period t, a column for each period."""
    matrix = np.full((len(periods), len(periods)), np.nan)
    for row, parts in enumerate(periods):
        with progress.stage(f"Learning {parts.train.name}") as stage:
            learner.learn(parts.train, stage)
        matrix[row] = [learner.accuracy(other.test) for other in periods]
    return matrix
