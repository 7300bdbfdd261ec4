"""Weights and means that fade with their age."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors

HALF_LIFE_DAYS = 7.0
DAY_S = 24 * 60 * 60
# Weights below this say nothing any more.
FORGOTTEN = 1e-9
# What is left of a mean from which nearly all was taken is rounding.
NEARLY_NOTHING = 0.01


def faded(age_days: float, half_life_days: float) -> float:
    """What is left of a weight of 1 after so long; an age below 0 counts as 0."""
    return float(0.5 ** (max(0.0, age_days) / half_life_days))


class Fading(NamedTuple):
    """What is left of all that was known, and how much the event adds."""

    left: float
    added: float


def folded(
    stored: bytes, weight: float, vector: Vectors | None, fading: Fading
) -> tuple[bytes, float]:
    """The weighted mean, (d,) float16 as bytes, with a vector (d,) more; and the sum of weights."""
    left = weight * fading.left
    if vector is None or fading.added == 0.0:
        return stored, left
    mean = decoded(stored)
    if len(mean) != len(vector):
        mean, left = np.zeros_like(vector, dtype=np.float32), 0.0
    total = left + fading.added
    if total <= NEARLY_NOTHING * max(1.0, left):
        return b"", 0.0
    new = (mean * left + vector * fading.added) / total
    return new.astype(np.float16).tobytes(), total


def weighed(
    before: Mapping[str, float], names: Iterable[str], fading: Fading, keep: int
) -> dict[str, float]:
    """Weights after the fading, with the event's added to `names`; the heaviest are kept."""
    weights = {name: weight * fading.left for name, weight in before.items()}
    for name in names:
        weights[name] = weights.get(name, 0.0) + fading.added
    kept = {name: weight for name, weight in weights.items() if weight > FORGOTTEN}
    if len(kept) <= keep:
        return kept
    return dict(heapq.nlargest(keep, kept.items(), key=lambda pair: pair[1]))


def decoded(stored: bytes) -> Vectors:
    """A stored vector, (d,) float32; empty where none was stored."""
    return np.frombuffer(stored, dtype=np.float16).astype(np.float32)
