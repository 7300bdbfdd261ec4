"""The mean of weights over the last part of a training, which serves in place of the last ones.

Steps go round the bottom of a valley; their mean lies nearer to its middle, and does better on what
was not learned. It costs a copy of what learns, and no time when it serves.

Source: Izmailov et al. 2018, arXiv:1803.05407 (SWA); within one schedule as by Kaddour 2022,
        arXiv:2209.14981.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import TrainerCallback

# Weights of neighbouring steps are nearly the same: so many are taken in, evenly chosen, or all.
TAKEN_IN = 100


class WeightAverage(torch.nn.Module):
    """The mean so far, in buffers, so that a training that was killed goes on with it."""

    seen: torch.Tensor

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self._learned = {name: w for name, w in model.named_parameters() if w.requires_grad}
        for name, weight in self._learned.items():
            self.register_buffer(_named(name), torch.zeros_like(weight))
        self.register_buffer("seen", torch.tensor(0))

    @torch.no_grad()
    def take_in(self) -> None:
        """The weights as they stand count as much as each before."""
        self.seen += 1
        for name, weight in self._learned.items():
            self.get_buffer(_named(name)).lerp_(weight, 1.0 / float(self.seen))

    @torch.no_grad()
    def put_in_place(self) -> None:
        """The mean takes the place of the weights, if anything was taken in."""
        if self.seen:
            for name, weight in self._learned.items():
                weight.copy_(self.get_buffer(_named(name)))


class AverageWeights(TrainerCallback):
    """Takes weights in over the last part of all steps."""

    def __init__(self, average: WeightAverage, part: float) -> None:
        self._average = average
        self._part = part

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Take them in, if it is time."""
        left = state.max_steps - state.global_step
        over = self._part * state.max_steps
        if left < over and left % max(1, round(over / TAKEN_IN)) == 0:
            self._average.take_in()


def _named(parameter: str) -> str:
    return parameter.replace(".", "/")
