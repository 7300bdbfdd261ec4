from pathlib import Path

import numpy as np
import onnx

from pipelines.training.text_model import TextModel
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx import OnnxEncoder


def test_the_graph_gives_what_torch_gives_at_every_size(
    tiny_artifact: Artifact, tiny_base: Path, tmp_path: Path
) -> None:
    model = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)
    encoder = OnnxEncoder(tiny_artifact, "fp32")
    for texts in (["card"], ["a fee", "card " * 50], ["why ?", "pay", "the loan is late"] * 9):
        np.testing.assert_allclose(encoder.encode(texts), model.encode(texts), atol=1e-5)


def test_the_int8_graph_holds_int8_weights_and_is_smaller(tiny_artifact: Artifact) -> None:
    graph = onnx.load(tiny_artifact.file("model.int8.onnx")).graph
    assert any(weight.data_type == onnx.TensorProto.INT8 for weight in graph.initializer)
    sizes = [tiny_artifact.file(name).stat().st_size for name in ("model.int8.onnx", "model.onnx")]
    assert sizes[0] < sizes[1]
