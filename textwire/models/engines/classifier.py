"""The one interface of classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from textwire.models.engines.encoder import Vectors


@dataclass(frozen=True)
class Classified:
    """Calibrated probabilities of n texts."""

    labels: Vectors  # (n, labels) float32, rows sum to 1; (n, 0) of a model with topics alone
    topics: Vectors  # (n, topics) float32, each for itself
    events: Vectors | None = None  # (n, events) float32, rows sum to 1 at most; None: no such head


class Classifier(Protocol):
    """Tells the label of a text, or its topics, or both, from one encoder with a head for each."""

    @property
    def name(self) -> str:
        """Which model this is: task, version and engine."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the columns; none where each class may be right or not."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics, in the order of the columns; none where the model has one head."""
        ...

    def classify(self, texts: Sequence[str]) -> Classified:
        """Probabilities for each text, in the order of the texts.

        A text longer than the model's token limit is cut there. No text gives no rows.
        """
        ...
