"""A shallower model that starts from some of another's layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from pipelines.classification.sharing import encoders_of
from pipelines.distillation.settings import Distillation
from pipelines.tuning.layers import keep_blocks
from textwire.errors import DataError

if TYPE_CHECKING:
    from pipelines.training.text_model import TextModel


def as_deep_as_asked(model: TextModel, distillation: Distillation | None) -> None:
    """Leave a student so many of its layers as were asked for, before anything learns.

    Raises: DataError: it has fewer.
    """
    if distillation and distillation.layers:
        for encoder in encoders_of(model):
            keep_layers(encoder.transformer, distillation.layers)


def evenly_chosen(layers: int, kept: int) -> list[int]:
    """Places of the layers to keep, the first and the last among them where two or more are.

    Raises: DataError: more are to be kept than there are, or none.
    """
    if not 1 <= kept <= layers:
        raise DataError(
            f"A student of {kept} layers cannot start from a model of {layers}: --layers takes 1 "
            f"to {layers} here."
        )
    if kept == 1:
        return [layers - 1]
    return [round(place * (layers - 1) / (kept - 1)) for place in range(kept)]


def keep_layers(transformer: Any, kept: int) -> list[int]:
    """Drop all layers but so many, evenly chosen; which those were.

    Raises:  DataError: it has fewer, or its layers are not where BERT's family has them.
    Source:  Sanh et al. 2019, arXiv:1910.01108 (a student starts from its teacher's layers).
    """
    encoder = getattr(transformer, "encoder", None)
    layers = getattr(encoder, "layer", None)
    if not isinstance(layers, torch.nn.ModuleList):
        raise DataError(
            f"{type(transformer).__name__} has no `encoder.layer`, so no layers can be chosen from "
            "it. Leave --layers out, or take a base model of BERT's family."
        )
    places = evenly_chosen(len(layers), kept)
    keep_blocks(transformer, places)
    return places
