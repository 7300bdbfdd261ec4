"""Everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.running.training_spec import Settings

APPLICATION = "entities"  # the folder's name
TASK = "entities"  # the registry's name, where no other is given


@dataclass(frozen=True)
class EntitySettings(Settings):
    """The recipe. Its hash is part of the artifact's fingerprint."""

    epochs: int = 5
    batch_texts: int = 32
    learning_rate: float = 1e-4  # where all weights learn; see `methods.learning_rate`
    head_l2: float = 1e-3  # on the head's weights while the transformer is frozen
    train_tokens: int = 128  # longer texts are cut while training
    # The least part of held-out words that the int8 graph tags as the trained model does.
    min_int8_same_tag: float = 0.95
