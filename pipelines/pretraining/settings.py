"""Everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pipelines.training.schedule import Schedule

By = Literal["mlm", "simcse"]
WAYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True)
class PretrainingSettings:
    """How a base model learns from unlabelled texts.

    Rates: Gururangan et al. 2020, arXiv:2004.10964 (masked language model, going on from a trained
    one); Gao et al. 2021, arXiv:2104.08821 (SimCSE), whose temperature and batch these are too.
    """

    by: By = "mlm"
    epochs: int = 1
    batch_texts: int = 64
    max_tokens: int = 128  # of a text that are read
    learning_rate: float = 0.0  # 0: 1e-4 for mlm, 3e-5 for simcse
    masked: float = 0.15  # part of the tokens that are to be told
    temperature: float = 0.05  # of SimCSE
    seed: int = 0

    @property
    def schedule(self) -> Schedule:
        """How far and how fast to go."""
        usual = 1e-4 if self.by == "mlm" else 3e-5
        return Schedule(self.epochs, self.learning_rate or usual, seed=self.seed)
