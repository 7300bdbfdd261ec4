"""What a served model makes of each held-out row, so that two models can be compared by rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipelines.measuring.speed import TimedReading
from textwire.models.artifacts.artifact import Artifact

Disturb = Callable[[str], str]
KEPT_CONFIDENCES = 5_000  # of a ranker there are a hundred times as many


def as_it_is(text: str) -> str:
    """The text, undisturbed."""
    return text


@dataclass(frozen=True)
class Judgement:
    """A model on held-out rows.

    metric       what `scores` are, such as "accuracy" or "recall@1".
    keys         of n rows: the same row has the same key whichever model reads it.
    scores       (n,) float64, from 0 to 1; their mean is the metric.
    confidences  (m,) float64, probabilities that answers are right, of rows that the model was not
                 calibrated on.
    right        (m,) bool, whether they were.
    timed        what `texts_per_s` was measured of, so that it can be measured anew beside another.
    slices       mean score and number of rows of parts of the rows, by name.
    labels       of a classifier, with the right column and the told one of each of the n rows.
    """

    metric: str
    keys: tuple[str, ...]
    scores: NDArray[np.float64]
    confidences: NDArray[np.float64]
    right: NDArray[np.bool_]
    texts_per_s: float
    timed: TimedReading | None = None
    slices: dict[str, tuple[float, int]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    expected: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    told: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def score(self) -> float:
        """The metric."""
        return float(self.scores.mean())

    @property
    def ece(self) -> float:
        """Expected calibration error, ten bins of equal width."""
        # scikit-learn, which takes a second to load, comes with it.
        from pipelines.measuring.calibration import expected_calibration_error

        return expected_calibration_error(self.confidences, self.right)

    def encoded(self) -> bytes:
        """As JSON, for people and later comparisons."""
        kept = slice(None, None, max(1, len(self.right) // KEPT_CONFIDENCES))
        return msgspec.json.encode(
            {
                "metric": self.metric,
                "score": self.score,
                "ece": self.ece,
                "texts_per_s": round(self.texts_per_s, 1),
                "slices": self.slices,
                "keys": self.keys,
                "scores": [round(float(score), 4) for score in self.scores],
                "confidences": [round(float(one), 4) for one in self.confidences[kept]],
                "right": [int(one) for one in self.right[kept]],
                "labels": self.labels,
                "expected": self.expected.tolist(),
                "told": self.told.tolist(),
            }
        )


# A served artifact, the data that it is held against, the settings of the run, and how texts are
# disturbed before they are read.
Judge = Callable[[Artifact, Any, Any, Disturb], Judgement]


def key_of(*texts: str) -> str:
    """A short name of a row, by what it says."""
    return sha256("\n".join(texts).encode()).hexdigest()[:12]


def timed_by_turns(one: Judgement, other: Judgement) -> tuple[Judgement, Judgement]:
    """The same two, with speeds measured side by side; as they are where one cannot be timed.

    The speeds that they came with were measured minutes apart: a machine that was busy for one of
    them says nothing of the model.
    """
    if one.timed is None or other.timed is None:
        return one, other
    speed, others = one.timed.texts_per_s_beside(other.timed)
    return replace(one, texts_per_s=speed), replace(other, texts_per_s=others)


def slices_by_length(
    texts: Sequence[str], scores: NDArray[np.float64]
) -> dict[str, tuple[float, int]]:
    """Thirds by length, and texts with numbers, each with its mean score.

    Args: scores: (n,) float64, of n texts.
    """
    lengths = np.array([len(text) for text in texts])
    first, second = np.quantile(lengths, [1 / 3, 2 / 3]) if len(texts) else (0, 0)
    digits = np.array([any(letter.isdigit() for letter in text) for text in texts], dtype=bool)
    parts = {
        "short": lengths <= first,
        "middling": (lengths > first) & (lengths <= second),
        "long": lengths > second,
        "with a number": digits,
    }
    return {
        name: (float(scores[part].mean()), int(part.sum()))
        for name, part in parts.items()
        if part.any()
    }
