"""AdaLoRA: ranks go where they matter, Zhang et al. 2023, arXiv:2303.10512.

peft has the layers and the allocation; it must be told how many steps there will be, and asked
after each one. The paper's penalty is added here, since peft adds it to the loss of models that
compute one.
"""

from __future__ import annotations

from typing import Any

import torch
from peft import AdaLoraModel
from transformers import TrainerCallback

FIRST_RANK, LAST_RANK = 24, 16  # the last is LoRA's; the first as the paper has it, half again
# Parts of all steps: nothing is cut in the first, and nothing more in the last.
BEFORE_CUTTING, AFTER_CUTTING = 0.1, 0.4
PENALTY = 0.5


def find_adalora(model: torch.nn.Module) -> AdaLoraModel | None:
    """What allocates ranks within a model, if anything does."""
    return next((part for part in model.modules() if isinstance(part, AdaLoraModel)), None)


def orthogonality(adalora: AdaLoraModel) -> torch.Tensor:
    """How far singular vectors are from being orthogonal, a mean over matrices; equation 4."""
    strayed = []
    for name, weight in adalora.named_parameters():
        if "lora_A" in name or "lora_B" in name:
            products = weight @ weight.T if "lora_A" in name else weight.T @ weight
            unit = torch.eye(len(products), device=products.device)
            strayed.append(torch.linalg.matrix_norm(products - unit))
    return PENALTY * torch.stack(strayed).mean()


class RankAllocation(TrainerCallback):
    """Tells AdaLoRA how long the training is, and of each step."""

    def __init__(self, adalora: AdaLoraModel) -> None:
        self._adalora: Any = adalora

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Say when to cut ranks."""
        config = self._adalora.peft_config[self._adalora.trainable_adapter_name]
        config.total_step = state.max_steps
        config.tinit = int(BEFORE_CUTTING * state.max_steps)
        config.tfinal = int(AFTER_CUTTING * state.max_steps)
        config.deltaT = max(1, state.max_steps // 50)

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Cut, while the gradients of the step are still there."""
        self._adalora.update_and_allocate(state.global_step)
