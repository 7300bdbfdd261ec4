"""What LoRA learned, taken out of a model before it is folded in: it is all that has to travel."""

from __future__ import annotations

from typing import Any

import numpy as np

from textwire.models.shipped.adapters import LowRankUpdate

ADAPTER = "default"  # what peft calls the only one
WRAPPED = "base_model.model."  # where it puts the model that it wraps


def learned_updates(transformer: Any) -> dict[str, LowRankUpdate]:
    """What peft's adapters of a transformer learned, by the name of the weight that each is for."""
    return {
        f"{name.removeprefix(WRAPPED)}.weight": _update(layer)
        for name, layer in transformer.named_modules()
        if hasattr(layer, "lora_A")
    }


def _update(layer: Any) -> LowRankUpdate:
    down = layer.lora_A[ADAPTER].weight.detach().numpy() * np.float32(layer.scaling[ADAPTER])
    return LowRankUpdate(down, layer.lora_B[ADAPTER].weight.detach().numpy().copy())
