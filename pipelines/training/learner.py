"""A model together with its loss: a batch in, a loss out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import torch

from pipelines.training.averaging import WeightAverage
from pipelines.training.batches import Sealed

M = TypeVar("M", bound=torch.nn.Module)
B = TypeVar("B")


class Learner(torch.nn.Module, Generic[M, B]):
    """What accelerate wraps, so that gradients of several processes meet on the way back.

    A loss that is a module itself is saved with the model: its buffers are what it remembers of the
    steps before.
    """

    # Names that a checkpoint may lack; transformers asks for it. What is frozen is not saved.
    _keys_to_ignore_on_save: tuple[str, ...] = ()

    def __init__(
        self,
        model: M,
        loss_of: Callable[[M, B], torch.Tensor],
        penalty: Callable[[], torch.Tensor] | None = None,
        average: WeightAverage | None = None,
    ) -> None:
        """Put them together; a penalty is added to each loss, whatever the batch."""
        super().__init__()
        self.average = average
        self.model = model
        self.loss_of = loss_of
        self.penalty = penalty

    def forward(self, batch: Sealed[B]) -> dict[str, torch.Tensor]:
        """The loss of a batch, a scalar, as the Trainer looks for it."""
        loss = self.loss_of(self.model, batch.content)
        return {"loss": loss + self.penalty() if self.penalty else loss}

    def learned(self) -> dict[str, torch.Tensor]:
        """Weights that learn, and buffers, by name: all that a checkpoint needs of the model."""
        frozen = {name for name, weight in self.named_parameters() if not weight.requires_grad}
        return {name: value for name, value in self.state_dict().items() if name not in frozen}

    def activation_checkpointing_enable(self, **_: Any) -> None:
        """Compute what layers give a second time on the way back, instead of keeping it."""
        parts: Iterator[Any] = self.modules()
        for part in parts:
            if hasattr(part, "activation_checkpointing_enable") and hasattr(part, "config"):
                part.activation_checkpointing_enable({"use_reentrant": False})
                return
