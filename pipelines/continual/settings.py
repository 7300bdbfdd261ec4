"""What learning period after period can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Strategy = Literal["plain", "replay", "ewc", "lwf", "adapters"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


@dataclass(frozen=True)
class ContinualSettings:
    """How a classifier goes from one period to the next.

    plain      fine-tuning on the new period alone: what the others are measured against.
    replay     `replay_size` examples of all earlier periods are learned beside the new ones.
    ewc        weights that earlier periods need are held, `ewc_weight` times the Fisher penalty.
    lwf        on new texts the model must go on saying what it said before (learning without
               forgetting): `lwf_weight` of the loss, at `lwf_temperature`.
    adapters   the base stays; each period gets LoRA adapters and a head of its own, and a text is
               read by those of its period.
    """

    strategy: Strategy = "replay"
    epochs: int = 3
    batch_texts: int = 16
    learning_rate: float = 1e-4  # where all weights learn; adapters bear ten times that
    train_tokens: int = 64
    replay_size: int = 200
    ewc_weight: float = 1_000.0
    ewc_texts: int = 100  # that the Fisher matrix is estimated on
    lwf_weight: float = 0.5
    lwf_temperature: float = 2.0
    seed: int = 0
