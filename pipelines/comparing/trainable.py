"""How many numbers learn, seen at the optimizers: whatever trainer and method they belong to."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from torch.optim.optimizer import register_optimizer_step_pre_hook


class Trainable:
    """Counts, while it is entered, the weights that an optimizer steps; `most` of any of them."""

    def __init__(self) -> None:
        self.most = 0
        self._hook: Any = None

    def __enter__(self) -> Self:
        self._hook = register_optimizer_step_pre_hook(self._look)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hook.remove()

    def _look(self, optimizer: Any, *_: object) -> None:
        count = sum(
            weight.numel()
            for group in optimizer.param_groups
            for weight in group["params"]
            if weight.requires_grad
        )
        self.most = max(self.most, count)
