"""What LoRA or AdaLoRA learned, taken out of a model before it is folded in.

It is all of the model that has to travel.
"""

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
        if hasattr(layer, "lora_A") and ADAPTER in layer.lora_A
    }


def _update(layer: Any) -> LowRankUpdate:
    scale = np.float32(layer.scaling[ADAPTER])
    if hasattr(layer, "lora_E"):
        return _allocated(layer, scale)
    down = layer.lora_A[ADAPTER].weight.detach().numpy() * scale
    return LowRankUpdate(down, layer.lora_B[ADAPTER].weight.detach().numpy().copy())


def _allocated(layer: Any, scale: np.float32) -> LowRankUpdate:
    """AdaLoRA's: singular values stand between the matrices, and those cut off are 0."""
    values = layer.lora_E[ADAPTER].detach().numpy()  # (rank, 1)
    kept = values[:, 0] != 0
    rank = np.float32(layer.ranknum[ADAPTER].item() + 1e-5)  # as peft divides
    down = (layer.lora_A[ADAPTER].detach().numpy() * values * scale / rank)[kept]
    return LowRankUpdate(down, layer.lora_B[ADAPTER].detach().numpy()[:, kept].copy())
