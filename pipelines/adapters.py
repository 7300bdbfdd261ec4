"""What LoRA learned, taken out of a model before it is folded in: it is all that has to travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from textwire.models.shipped.adapters import LowRankUpdate

if TYPE_CHECKING:
    from pipelines.text_model import TextModel

ADAPTER = "default"  # what peft calls the only one
WRAPPED = "base_model.model."  # where it puts the model that it wraps


def learned_updates(model: TextModel) -> dict[str, LowRankUpdate]:
    """Updates by the weight's name; none where LoRA did not learn."""
    return {
        f"{name.removeprefix(WRAPPED)}.weight": _update(layer)
        for name, layer in model.transformer.named_modules()
        if hasattr(layer, "lora_A")
    }


def _update(layer: Any) -> LowRankUpdate:
    down = layer.lora_A[ADAPTER].weight.detach().numpy() * np.float32(layer.scaling[ADAPTER])
    return LowRankUpdate(down, layer.lora_B[ADAPTER].weight.detach().numpy().copy())
