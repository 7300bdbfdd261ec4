"""The recipe of the public figure."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.training_spec import Settings


@dataclass(frozen=True)
class AmazonSettings(Settings):
    """The recipe."""

    epochs: int = 1
    max_tokens: int = 96
    train_tokens: int = 64
    texts_per_step: int = 48
    moments_per_step: int = 512
    learning_rate: float = 2e-5
    temperature: float = 0.05
    half_life_days: float = 30.0
    window: int = 3  # a purchase goes together with so many of the user's next
