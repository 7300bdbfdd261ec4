"""What every classifier's pipeline can be told."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.augmentation.asked import asked_augmentations
from pipelines.running.training_spec import Settings
from textwire.errors import SettingsError


@dataclass(frozen=True)
class ClassificationSettings(Settings):
    """Of a model with a head for the label and one for topics."""

    batch_texts: int = 16
    learning_rate: float = 1e-4  # where all weights learn; see `methods.learning_rate`
    head_l2: float = 0.02  # on heads' weights while the transformer is frozen; 0: chosen by data
    balanced: bool = True  # rare labels weigh more, as if there were as many of each
    topic_weight: float = 1.0  # of each topic's loss beside that of the label
    train_tokens: int = 64  # longer texts are cut while training
    mixup: float = 0.0  # spread of the share in which texts are mixed, such as 0.2; 0: they are not
    # The part of the loss that holds texts of one label near each other; topics have none.
    contrastive: float = 0.0
    # Two encoders, one a head, held together by so much of their squared distance; 0: one encoder.
    soft_sharing: float = 0.0
    # With --learn-on: of the texts that the version before has learned, the part that is drawn anew
    # in each epoch.
    rehearsed: float = 0.2
    augment: str = ""  # other wordings of what is learned: see `augmentation.asked`
    # The least part of held-out texts that the int8 graph labels as the trained model does.
    min_int8_same_label: float = 0.9

    def __post_init__(self) -> None:
        """Refuse what nobody knows before anything is read.

        Raises: SettingsError: an augmentation has no such name, or a part is none.
        """
        asked_augmentations(self.augment)
        if not 0 <= self.rehearsed <= 1:
            raise SettingsError(
                f"rehearsed={self.rehearsed:g} is no part of what was learned: give 0 to 1."
            )
        if not 0 <= self.contrastive <= 1:
            raise SettingsError(
                f"contrastive={self.contrastive:g} is no part of a loss: give 0 to 1, such as 0.3."
            )
