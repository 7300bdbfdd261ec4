"""Elastic weight consolidation: weights that earlier tasks need hardly move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

M = TypeVar("M", bound=torch.nn.Module)


@dataclass(frozen=True)
class Anchor:
    """Weights as they were, and how much a task needs each of them, by name."""

    weights: dict[str, torch.Tensor]
    fisher: dict[str, torch.Tensor]  # of the same shapes, at least 0

    def penalty(self, model: torch.nn.Module) -> torch.Tensor:
        """1/2 * sum over weights of F_i (w_i - w*_i)^2; a scalar, ().

        Weights that the model got later cost nothing.
        """
        costs = [
            (self.fisher[name].to(w.device) * (w - self.weights[name].to(w.device)).square()).sum()
            for name, w in model.named_parameters()
            if name in self.fisher and w.requires_grad
        ]
        return 0.5 * torch.stack(costs).sum() if costs else torch.zeros(())


def anchor(
    model: M,
    texts: Sequence[str],
    log_probabilities: Callable[[M, Sequence[str]], torch.Tensor],
    before: Anchor | None = None,
    seed: int = 0,
) -> Anchor:
    """Hold a model to what it needs for these texts, and to what it needed before.

    F_i = mean over texts of (d log p(y | x) / d w_i)^2 with y drawn from the model itself: the
    diagonal of the Fisher matrix, and not of its empirical cousin that takes y from the labels.
    Fisher matrices of tasks are summed about the newest weights (online EWC).

    Args:   log_probabilities: of n texts, (n, labels) float, with gradients.
    Source: Kirkpatrick et al. 2017, arXiv:1612.00796; Schwarz et al. 2018, arXiv:1805.06370.
    """
    model.eval()
    learning = {name: w for name, w in model.named_parameters() if w.requires_grad}
    fisher = {name: torch.zeros_like(weight) for name, weight in learning.items()}
    drawing = torch.Generator().manual_seed(seed)
    for text in texts:
        log_p = log_probabilities(model, [text])[0]
        drawn = torch.multinomial(log_p.detach().exp().cpu(), 1, generator=drawing).item()
        model.zero_grad()
        log_p[int(drawn)].backward()  # type: ignore[no-untyped-call]
        for name, weight in learning.items():
            if weight.grad is not None:
                fisher[name] += weight.grad.square() / len(texts)
    model.zero_grad()
    if before is not None:
        _add(fisher, before.fisher.items())
    return Anchor({name: w.detach().clone() for name, w in learning.items()}, fisher)


def _add(fisher: dict[str, torch.Tensor], earlier: Iterable[tuple[str, torch.Tensor]]) -> None:
    for name, values in earlier:
        if name in fisher:
            fisher[name] += values
