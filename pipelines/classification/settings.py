"""What every classifier's pipeline can be told."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.training_spec import Settings


@dataclass(frozen=True)
class ClassificationSettings(Settings):
    """Of a model with a head for the label and one for topics."""

    batch_texts: int = 16
    learning_rate: float = 1e-4  # where all weights learn; see `methods.learning_rate`
    head_l2: float = 0.02  # on the heads' weights while the transformer is frozen
    topic_weight: float = 1.0  # of each topic's loss beside that of the label
    weigh_classes: bool = True  # rare labels weigh more; else all texts weigh the same
    train_tokens: int = 64  # longer texts are cut while training
    # The least part of held-out texts that the int8 graph labels as the trained model does.
    min_int8_same_label: float = 0.9
