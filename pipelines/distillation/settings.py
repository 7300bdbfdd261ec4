"""What distillation can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Hinton et al. 2015, arXiv:1503.02531, found 2 to 4 best where a teacher tells few classes; both as
# in a single run on financial_phrasebank, where MiniLM learned so from all-mpnet-base-v2.
KD_WEIGHT = 0.7
TEMPERATURE = 2.0
# Of cosines, as InfoNCE's own.
SIMILARITY_TEMPERATURE = 0.05
# All of a model of 12 layers learns at a third of the rate of one of 6, or it forgets what it knew.
TEACHER_RATE = 3e-5
# By which a base model learns before it teaches, whatever its student does.
AS_TEACHER: Mapping[str, Any] = {
    "method": "full",
    "learning_rate": TEACHER_RATE,
    "prune_heads": 0.0,
    "prune_layers": 0,
}


@dataclass(frozen=True)
class Distillation:
    """Who teaches, on what, and how much its word weighs.

    teachers     folders of models of the same task, or base models, which learn from the same data
                 first.
    cache        where soft labels and tuned teachers are kept; it decides nothing, and without
                 teachers nothing is kept.
    unlabelled   a file of texts that the teachers alone label.
    layers       of the student, evenly chosen from its base's; None: all of them.
    kd_weight    lambda of lambda * KD + (1 - lambda) * the task's own loss.
    temperature  what logits or similarities are divided by.
    by_layers    whether a student comes near its teacher in every layer too.
    """

    teachers: tuple[str, ...] = ()
    cache: Path = Path()
    unlabelled: Path | None = None
    layers: int | None = None
    kd_weight: float = KD_WEIGHT
    temperature: float = TEMPERATURE
    by_layers: bool = False

    def described(self, names: Sequence[str], hashes: Sequence[str]) -> dict[str, str | float]:
        """What decides what is made, by the names that a manifest's settings get.

        Args: names, hashes: of each teacher, and the sha256 of its weights.
        """
        told: dict[str, str | float] = {}
        if names:
            told["teacher"] = ", ".join(names)
            told["teacher_sha256"] = ", ".join(hashes)
            told["kd_weight"] = self.kd_weight
            told["kd_temperature"] = self.temperature
            if self.by_layers:
                told["kd_layers"] = True
        return told | ({"layers": self.layers} if self.layers else {})
