"""What LoRA or AdaLoRA learned, taken out of a model before it is folded in, and put back.

It is all of the model that has to travel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from textwire.errors import DataError
from textwire.models.shipped.adapters import LowRankUpdate

ADAPTER = "default"  # what peft calls the only one
WRAPPED = "base_model.model."  # where it puts the model that it wraps


def learned_updates(transformer: Any) -> dict[str, LowRankUpdate]:
    """What peft's adapters of a transformer learned, by the name of the weight that each is for."""
    return {name: _update(layer) for name, layer in _adapted_layers(transformer)}


def put_updates(transformer: Any, updates: Mapping[str, LowRankUpdate]) -> None:
    """Set peft's LoRA adapters of a transformer to what was learned, in place.

    Raises: DataError: a layer has no update, or one of another rank or shape.
    """
    # Imported here: what only reads adapters does without torch.
    import torch

    layers = dict(_adapted_layers(transformer))
    if layers.keys() != updates.keys():
        odd = min(layers.keys() ^ updates.keys())
        raise DataError(f"The adapters are of another base model: only one of both has {odd}.")
    with torch.no_grad():
        for name, layer in layers.items():
            down, up = layer.lora_A[ADAPTER].weight, layer.lora_B[ADAPTER].weight
            update = updates[name]
            if (down.shape, up.shape) != (update.down.shape, update.up.shape):
                raise DataError(
                    f"The adapter of {name} has rank {len(update.down)}, and {len(down)} is "
                    "learned: it was made by another method."
                )
            down.copy_(torch.from_numpy(update.down.astype(np.float32)) / layer.scaling[ADAPTER])
            up.copy_(torch.from_numpy(update.up.astype(np.float32)))


def _adapted_layers(transformer: Any) -> Iterator[tuple[str, Any]]:
    for name, layer in transformer.named_modules():
        if hasattr(layer, "lora_A") and ADAPTER in layer.lora_A:
            yield f"{name.removeprefix(WRAPPED)}.weight", layer


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
