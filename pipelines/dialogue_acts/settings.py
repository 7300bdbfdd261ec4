"""Everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.classification.settings import ClassificationSettings

APPLICATION = "dialogue_acts"  # the folder's name


@dataclass(frozen=True)
class DialogueActSettings(ClassificationSettings):
    """The recipe. Its hash is part of the artifact's fingerprint."""

    epochs: int = 10
    averaged: float = 0.6
    balanced: bool = False  # the commonest act, a question, is the one that must not be missed
    batch_texts: int = 32
    learning_rate: float = 4e-5
    augment: str = "typing"
    train_tokens: int = 72
    max_tokens: int = 256  # a message of 600 characters, and what was said right before it
    min_int8_same_label: float = 0.93
