"""From probabilities to the tone that counts: one that is not sure enough is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors
from textwire.sentiment_alerts.messages import SENTIMENTS

TONE_THRESHOLD = "tone"  # in a manifest: the least probability of a tone that counts
NEUTRAL = SENTIMENTS.index("neutral")


def tones(probabilities: Vectors, least: float) -> NDArray[np.int64]:
    """The likeliest tone of each text, neutral where it is less probable than the least.

    Args:    probabilities: (n, 3) float32, columns as SENTIMENTS.
    Returns: (n,) int64, columns.
    """
    likeliest = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1, initial=0.0) >= least
    return np.where(sure, likeliest, NEUTRAL).astype(np.int64)
