"""A teacher that reads a question and a passage together: by how much one answers more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from pipelines.distillation.losses import blended, margin_mse
from pipelines.distillation.settings import Distillation
from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel
from textwire.models.engines.encoder import Vectors

# Pairs of question and passage to log odds that the one answers the other, (n,) float32.
LogOdds = Callable[[Sequence[tuple[str, str]]], Vectors]


class TaughtMargins:
    """The loss of a batch: lambda * margin MSE + (1 - lambda) * InfoNCE.

    Of each question the margin is between its own passage and the one of the batch that the student
    takes for it most. The student's score is its cosine, divided by the temperature.

    Source: Hofstaetter et al. 2020, arXiv:2010.02666.
    """

    def __init__(
        self,
        log_odds: LogOdds,
        distillation: Distillation,
        temperature: float,
        train_tokens: int,
    ) -> None:
        """Take a teacher, asked of each pair once, and InfoNCE's own temperature and tokens."""
        self._log_odds = log_odds
        self._distillation = distillation
        self._temperature = temperature
        self._tokens = train_tokens
        self._said: dict[tuple[str, str], float] = {}

    def __call__(self, model: TextModel, batch: PairBatch) -> torch.Tensor:
        """A scalar, ()."""
        passages = model.embed(batch.passages, self._tokens)  # (m, d)
        cosines = model.embed(batch.questions, self._tokens).float() @ passages.float().T  # (n, m)
        answers = torch.tensor(batch.answers, device=cosines.device)
        own = torch.nn.functional.cross_entropy(cosines / self._temperature, answers)
        if len(batch.passages) < 2:
            return own
        is_right = torch.nn.functional.one_hot(answers, len(batch.passages)).bool()
        wrongs = cosines.detach().masked_fill(is_right, -torch.inf).argmax(dim=1)
        places = torch.stack([answers, wrongs], dim=1)  # (n, 2)
        scores = cosines.gather(1, places) / self._distillation.temperature
        kd = margin_mse(scores, self._told(batch, places.tolist()).to(scores.device))
        return blended(kd, own, self._distillation.kd_weight)

    def _told(self, batch: PairBatch, places: Sequence[Sequence[int]]) -> torch.Tensor:
        """The teacher's log odds of each question's two passages, (n, 2) float32."""
        pairs = [
            [(question, batch.passages[place]) for place in two]
            for question, two in zip(batch.questions, places, strict=True)
        ]
        new = list(dict.fromkeys(p for two in pairs for p in two if p not in self._said))
        if new:
            self._said |= dict(zip(new, map(float, self._log_odds(new)), strict=True))
        return torch.tensor([[self._said[pair] for pair in two] for two in pairs])
