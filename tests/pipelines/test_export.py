from pathlib import Path

import numpy as np
import onnx
import pytest

from pipelines.base_model import BaseModel
from pipelines.quantising import Agreement, compare
from pipelines.text_model import TextModel
from textwire.errors import ArtifactError
from textwire.models.artifact import Artifact
from textwire.models.onnx import OnnxEncoder


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


def test_engines_that_agree_compare_as_one() -> None:
    vectors = np.eye(4, dtype=np.float32)
    assert compare(vectors, vectors, vectors, vectors) == Agreement(1.0, 1.0, 1.0)


def test_a_first_passage_that_changed_is_counted() -> None:
    passages = np.eye(2, dtype=np.float32)
    questions = np.array([[0.8, 0.6], [0.6, 0.8]], dtype=np.float32)
    agreement = compare(questions, passages, questions[::-1], passages)
    assert agreement.top1 == 0.0
    assert agreement.cosine_min == pytest.approx(0.96)


@pytest.mark.parametrize("bounds", [(0.99, 0.5), (0.9, 0.8)])
def test_an_engine_below_a_bound_is_refused(bounds: tuple[float, float]) -> None:
    Agreement(0.98, 0.9, 0.75).require(0.98, 0.75)
    with pytest.raises(ArtifactError, match="strays too far"):
        Agreement(0.98, 0.9, 0.75).require(*bounds)
