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
    batch_texts: int = 32
    train_tokens: int = 128
    min_int8_same_label: float = 0.85  # where a text has several classes: all of them
