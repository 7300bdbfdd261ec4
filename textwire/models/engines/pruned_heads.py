"""Attention with fewer heads than a configuration tells: BERT's family, in torch.

Which heads a layer has kept stands in `config.json` under `kept_heads`, so that such weights can be
loaded again: the family's own configuration knows one number of heads for all layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModel

KEPT_HEADS = "kept_heads"
INWARDS = ("query", "key", "value")


def load_transformer_of(folder: Path, **how: Any) -> Any:
    """The transformer in a folder, on the CPU in fp32, with the heads that it has kept.

    Args:   how: what the library is told beside, such as `attn_implementation`.
    Raises: OSError, ValueError, RuntimeError: it cannot be loaded.
    """
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    kept = getattr(config, KEPT_HEADS, None)
    if not kept:
        return AutoModel.from_pretrained(
            folder, config=config, local_files_only=True, use_safetensors=True, **how
        )
    transformer = AutoModel.from_config(config, **how)  # type: ignore[no-untyped-call]
    keep_heads(transformer, _read_kept(kept))
    transformer.load_state_dict(load_file(folder / "model.safetensors"))
    return transformer.eval()


def attentions(transformer: Any) -> list[tuple[Any, Any]]:
    """Of each layer the attention and the matrix that ends it; none of another family."""
    layers = getattr(getattr(transformer, "encoder", None), "layer", [])
    found = []
    for layer in layers:
        block = getattr(layer, "attention", None)
        attention = getattr(block, "self", None)
        ending = getattr(getattr(block, "output", None), "dense", None)
        if ending is None or not all(hasattr(attention, name) for name in INWARDS):
            return []
        found.append((attention, ending))
    return found


def heads_of(transformer: Any) -> list[int]:
    """How many heads each layer has now."""
    return [attention.num_attention_heads for attention, _ in attentions(transformer)]


def keep_heads(transformer: Any, kept: Mapping[int, Sequence[int]]) -> None:
    """Take all other heads out of layers, so that their matrices are smaller.

    Args:   kept: by layer the places of the heads that stay, among those that it has now.
    Raises: ValueError: there is no such layer or head, or a layer would have none.
    Source: Michel et al. 2019, arXiv:1905.10650.
    """
    found = attentions(transformer)
    for layer, heads in kept.items():
        if not 0 <= layer < len(found):
            raise ValueError(f"there is no layer {layer} to take heads from")
        _keep(*found[layer], heads)


def _keep(attention: Any, ending: Any, heads: Sequence[int]) -> None:
    there = attention.num_attention_heads
    if not heads or not set(heads) <= set(range(there)) or len(set(heads)) != len(heads):
        raise ValueError(f"of {there} heads, {list(heads)} cannot be kept")
    size = attention.attention_head_size
    places = torch.tensor([head * size + at for head in heads for at in range(size)])
    for name in INWARDS:
        _narrow(getattr(attention, name), places, axis=0)
    _narrow(ending, places, axis=1)
    attention.num_attention_heads = len(heads)
    attention.all_head_size = len(heads) * size


def _narrow(linear: Any, places: torch.Tensor, axis: int) -> None:
    """Keep some rows (axis 0, with their biases) or columns (axis 1) of a matrix."""
    learns = linear.weight.requires_grad
    weight = linear.weight.detach().index_select(axis, places.to(linear.weight.device))
    linear.weight = torch.nn.Parameter(weight.clone(), requires_grad=learns)
    if axis == 0 and linear.bias is not None:
        bias = linear.bias.detach()[places.to(linear.bias.device)]
        linear.bias = torch.nn.Parameter(bias.clone(), requires_grad=learns)
    linear.out_features, linear.in_features = linear.weight.shape


def _read_kept(kept: Any) -> dict[int, list[int]]:
    """What stands in a configuration, in which keys of objects are texts.

    Raises: ValueError: it is something else.
    """
    if not isinstance(kept, dict) or not all(isinstance(heads, list) for heads in kept.values()):
        raise ValueError(f"{KEPT_HEADS} is no object of lists")
    return {int(layer): [int(head) for head in heads] for layer, heads in kept.items()}
