"""Everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.classification.settings import ClassificationSettings

APPLICATION = "classify"  # the folder's name
TASK = "classify"  # the registry's name, where no other is given


@dataclass(frozen=True)
class ClassifySettings(ClassificationSettings):
    """The recipe. Its hash is part of the artifact's fingerprint."""

    epochs: int = 5
    balanced: bool = False  # what is common among the examples is common when it serves
    batch_texts: int = 64
    learning_rate: float = 1.5e-4
    train_tokens: int = 128
    head_l2: float = 0.0  # two classes and a hundred texts want another one than seventy and more
    # See docs/decisions/the-mean-of-weights-serves.md.
    averaged: float = 0.8
    contrastive: float = 0.3
    neighbours: bool = True  # the nearest learned texts may vote, if that gains on held-out ones
    min_int8_same_label: float = 0.85  # where a text has several classes: all of them
