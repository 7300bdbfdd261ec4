"""How right a set's test part was told: F1 over all decisions, with its standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from pipelines.classify.data import ClassedText
from pipelines.measuring.bootstrap import drawn_means

Told = Sequence[frozenset[str]]


@dataclass(frozen=True)
class Figures:
    """Where a text has one class and is told one, micro-F1 is accuracy.

    error  the standard error of micro-F1, by bootstrap over texts.
    """

    micro_f1: float
    error: float
    macro_f1: float
    hits: NDArray[np.float64]  # (texts,) right decisions
    sizes: NDArray[np.float64]  # (texts,) classes that are told and that are right, together

    def __str__(self) -> str:
        return f"{100 * self.micro_f1:.1f} ± {100 * self.error:.1f}"

    def gain_over(self, other: Figures) -> str:
        """Points of micro-F1 more than another's of the same texts, with the error of that."""
        apart = 100 * (_drawn(self) - _drawn(other))
        return f"{100 * (self.micro_f1 - other.micro_f1):+.1f} ± {apart.std():.1f}"


def figures_of(told: Told, texts: Sequence[ClassedText]) -> Figures:
    """Figures over all classes that occur in the texts, or were told of one."""
    right_names = [text.classes for text in texts]
    names = sorted(frozenset().union(*told, *right_names))
    given, right = (
        np.array([[name in row for name in names] for row in rows], dtype=np.bool_)
        for rows in (told, right_names)
    )
    occurring = right.any(axis=0)
    hits = (given & right).sum(axis=1).astype(np.float64)
    sizes = (given.sum(axis=1) + right.sum(axis=1)).astype(np.float64)
    macro = f1_score(right[:, occurring], given[:, occurring], average="macro", zero_division=0.0)
    found = Figures(2 * hits.sum() / sizes.sum(), 0.0, float(macro), hits, sizes)
    error = float(_drawn(found).std())
    return Figures(float(found.micro_f1), error, found.macro_f1, hits, sizes)


def _drawn(found: Figures) -> NDArray[np.float64]:
    """Micro-F1 of texts drawn with replacement: the same seed draws the same texts of both."""
    sizes = np.maximum(drawn_means(found.sizes), 1e-12)  # a draw may have no class at all
    drawn: NDArray[np.float64] = 2 * drawn_means(found.hits) / sizes
    return drawn
