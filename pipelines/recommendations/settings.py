"""Everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.running.training_spec import Settings

APPLICATION = "recommendations"  # the folder's name
TASK = "recommendations"


@dataclass(frozen=True)
class RecommendationSettings(Settings):
    """The recipe. Its hash is part of the artifact's fingerprint."""

    epochs: int = 3
    max_tokens: int = 128  # what the model reads when it serves
    half_life_days: float = 7.0  # of what a profile holds, to which a short log is held
    train_part: float = 0.7  # of the events, the earliest; then those to calibrate on, then to test
    calibration_part: float = 0.15
    visit_gap_minutes: float = 30.0  # a longer silence ends a visit
    learning_rate: float = 5e-5  # where all weights learn; see `methods.learning_rate`
    temperature: float = 0.05
    train_tokens: int = 32  # longer texts are cut while training
    texts_per_step: int = 32  # encoded anew in a step
    moments_per_step: int = 512
    negatives: int = 4096  # items that a target is told from, of a larger catalogue
    other_candidates: int = 150  # drawn for the ranker to tell from what was liked
    ranked_lists: int = 2000  # that the ranker learns from, the last of the train part
    judged_lists: int = 600  # by which it is decided what is kept, of the calibration part
    # Layers of a sequence model, tried beside the item model and kept where it finds more; 0: none.
    sequence_layers: int = 0
    sequence_epochs: int = 20
    fusion: str = "mean"  # of an item's text, numbers and other vectors: concat, mean or attention
    trees: int = 60
    leaves: int = 7
    # The least agreement of the int8 graph with the trained model.
    min_int8_cosine: float = 0.98
    min_int8_top1: float = 0.8
