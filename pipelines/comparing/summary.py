"""Trials of a method under several seeds, as one row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.comparing.trial import Trial
from pipelines.measuring.bootstrap import Interval, chance_of_gain, mean_interval

NOT_MEASURED = Interval(0.0, 0.0, 0.0)
BYTES_PER_NUMBER = 2  # what was learned is kept at half precision


@dataclass(frozen=True)
class MethodSummary:
    """A method's figures; of several seeds the mean, and the spread of their metrics."""

    method: str
    failed: str
    metric: str = ""
    score: Interval = NOT_MEASURED
    by_seed: tuple[float, ...] = ()
    ece: float = 0.0
    trainable: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    served_mb: float = 0.0
    texts_per_s: float = 0.0
    row_scores: tuple[float, ...] = ()
    slices: tuple[tuple[str, float, int], ...] = ()
    under_noise: tuple[tuple[str, float], ...] = ()

    @property
    def learned_mb(self) -> float:
        """What was learned, at half precision."""
        return self.trainable * BYTES_PER_NUMBER / 1e6


def summarise(trials: Sequence[Trial]) -> MethodSummary:
    """One row of trials of one method.

    The interval is over rows: each row counts with its mean over the seeds.
    """
    done = [trial for trial in trials if not trial.failed]
    if not done:
        return MethodSummary(trials[0].method, trials[0].failed)
    rows = np.array([trial.scores for trial in done]).mean(axis=0)
    first = done[0]
    return MethodSummary(
        method=first.method,
        failed="; ".join(f"seed {one.seed}: {one.failed}" for one in trials if one.failed),
        metric=first.metric,
        score=mean_interval(rows),
        by_seed=tuple(float(np.mean(trial.scores)) for trial in done),
        ece=float(np.mean([trial.ece for trial in done])),
        trainable=first.trainable,
        seconds=float(np.mean([trial.seconds for trial in done])),
        peak_mb=max(trial.peak_mb for trial in done),
        served_mb=first.served_mb,
        texts_per_s=max(trial.texts_per_s for trial in done),
        row_scores=tuple(float(score) for score in rows),
        slices=tuple((name, score, count) for name, (score, count) in first.slices.items()),
        under_noise=tuple(first.under_noise.items()),
    )


def chance_to_beat(one: MethodSummary, other: MethodSummary) -> float:
    """In which part of the draws of rows the one is the better: a paired bootstrap.

    Draws in which both are equal count for the other.
    """
    scores = np.array(one.row_scores), np.array(other.row_scores)
    return chance_of_gain(*scores, least_gain=1e-12)
