"""From torch to the ONNX graphs that serve: ids and mask in, vectors or logits out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import torch

from textwire.models.engines.quantising import quantise
from textwire.models.engines.tokenizing import TokenReader

OPSET = 17
INPUTS = ["input_ids", "attention_mask"]
DYNAMIC = {0: "texts", 1: "tokens"}
ROWS = {0: "texts"}


class Exportable(Protocol):
    """A model that can be written as a graph."""

    @property
    def dimension(self) -> int:
        """The width of its vectors, before any head."""
        ...

    def save(self, folder: Path) -> None:
        """Write its weights and their configuration."""
        ...

    def export(self, file: Path) -> None:
        """Write its ONNX graph, at fp32."""
        ...


def export_graphs(model: Exportable, folder: Path) -> None:
    """Write `model.onnx`, and of it `model.int8.onnx`."""
    model.export(folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model.int8.onnx")


def export_graph(
    model: torch.nn.Module,
    reader: TokenReader,
    outputs: Sequence[str],
    file: Path,
    rows: Mapping[int, str] = ROWS,
    by_token: Sequence[str] = (),
) -> None:
    """Write the graph of a model of ids and mask, each (n, length) int64.

    Token types are left out where the model knows them: a text is one sentence, and they are 0.

    Args: outputs: names of what it gives. rows: the name of their first size, by its axis: as many
          rows as texts, unless another name says otherwise. by_token: names of what it gives after
          those, with a row for each token of each text.
    """
    model.eval()
    # Two texts of different lengths, so that no size is taken for a constant.
    ids, mask = reader.pad(reader.read(["one text", "a second text which is longer"]))
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        # The exporter warns that it is the older one; the newer one does not keep sizes dynamic.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.from_numpy(ids), torch.from_numpy(mask)),
            str(file),
            dynamo=False,
            opset_version=OPSET,
            input_names=INPUTS,
            output_names=[*outputs, *by_token],
            dynamic_axes=dict.fromkeys([*INPUTS, *by_token], DYNAMIC)
            | dict.fromkeys(outputs, rows),
        )
