"""From torch to one ONNX graph: ids and mask in, unit vectors out."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch

from pipelines.text_model import TextModel

OPSET = 17
DYNAMIC = {0: "texts", 1: "tokens"}


def export_onnx(model: TextModel, file: Path) -> None:
    """Write the graph with pooling and norm inside it.

    Token types are left out where the model knows them: a text is one sentence, and they are 0.
    """
    model.eval()
    # Two texts of different lengths, so that no size is taken for a constant.
    ids, mask = model.reader.pad(model.reader.read(["one text", "a second text which is longer"]))
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        # The exporter warns that it is the older one; the newer one does not keep sizes dynamic.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.from_numpy(ids), torch.from_numpy(mask)),
            str(file),
            dynamo=False,
            opset_version=OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": DYNAMIC, "attention_mask": DYNAMIC, "vectors": {0: "texts"}},
        )
