"""The parts of a transformer by what they do, whatever its family calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
import transformers

from textwire.errors import DataError
from textwire.models.engines.pruned_heads import KEPT_HEADS

POOLER = "pooler"  # of BERT's own, which we do not use
# The last parts of names in the families of BERT and RoBERTa, of MPNet, and of DistilBERT.
KEYS_AND_VALUES = ("key", "value", "attn.k", "attn.v", "k_lin", "v_lin")
OF_ATTENTION = ("attention.output.dense", "attn.o", "attention.out_lin")
OF_FEED_FORWARD = ("output.dense", "ffn.lin2")


def linear_layers(transformer: Any) -> list[str]:
    """Names of all linear layers that a text goes through."""
    return [
        name
        for name, layer in transformer.named_modules()
        if isinstance(layer, torch.nn.Linear) and POOLER not in name
    ]


def keys_and_values(transformer: Any) -> list[str]:
    """Names of the layers that make the keys and values of attention."""
    return _ending(transformer, KEYS_AND_VALUES)


def ends_of_attention(transformer: Any) -> list[str]:
    """Names of the layers that end an attention block, before what went in is added."""
    return _ending(transformer, OF_ATTENTION)


def ends_of_feed_forward(transformer: Any) -> list[str]:
    """Names of the layers that end a feed-forward block, before what went in is added."""
    attention = set(ends_of_attention(transformer))
    return [name for name in _ending(transformer, OF_FEED_FORWARD) if name not in attention]


def blocks(transformer: Any) -> list[torch.nn.Module]:
    """The transformer's layers, from the lowest; none where they cannot be told."""
    count = getattr(getattr(transformer, "config", None), "num_hidden_layers", 0)
    lists = (part for part in transformer.modules() if isinstance(part, torch.nn.ModuleList))
    return next((list(found) for found in lists if len(found) == count), [])


def keep_blocks(transformer: Any, places: Sequence[int]) -> None:
    """Leave BERT's family the layers at those places alone, in that order."""
    layers, heads = transformer.encoder.layer, getattr(transformer.config, KEPT_HEADS, None)
    transformer.encoder.layer = torch.nn.ModuleList(layers[place] for place in places)
    transformer.config.num_hidden_layers = len(places)
    if heads:
        kept = {str(at): heads[str(place)] for at, place in enumerate(places)}
        setattr(transformer.config, KEPT_HEADS, kept)


def require_found(found: Iterable[object], method: str, looked_for: str, base: str) -> None:
    """Pass, or refuse.

    Raises: DataError: a base model has none of what a method needs.
    """
    if not list(found):
        raise DataError(
            f"--method {method} needs {looked_for}, and finds none in the base model {base} as "
            f"transformers {transformers.__version__} builds it. Use --method full."
        )


def _ending(transformer: Any, ends: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in linear_layers(transformer)
        if any(name == end or name.endswith(f".{end}") for end in ends)
    ]
