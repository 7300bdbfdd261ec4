"""Judgements of made-up models."""

import numpy as np

from pipelines.measuring.judgement import Judgement


def judgement(scores: list[float], *, sure: float | None = None, speed: float = 100.0) -> Judgement:
    """A model with these scores, as sure of each answer as said, or as it is right on average."""
    values = np.array(scores, dtype=np.float64)
    sure = float(values.mean()) if sure is None else sure
    return Judgement(
        metric="accuracy",
        keys=tuple(f"row-{n}" for n in range(len(scores))),
        scores=values,
        confidences=np.full(len(scores), sure),
        right=values > 0.5,
        texts_per_s=speed,
        slices={"short": (0.5, 10), "tiny": (1.0, 2)},
        labels=("no", "yes"),
        expected=np.ones(len(scores), dtype=np.int64),
        told=(values > 0.5).astype(np.int64),
    )
