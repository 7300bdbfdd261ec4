"""Graphs with int8 weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from textwire.models.engines.quantising import quantise


def test_heads_that_share_a_weight_are_quantised_each_by_itself(tmp_path: Path) -> None:
    """As the exporter writes two heads whose weights are equal."""
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(3, 8)).astype(np.float32)
    bias = np.zeros(3, dtype=np.float32)
    heads = [
        helper.make_node("Gemm", ["x", "weight", "bias"], [name], name=name, transB=1)
        for name in ("labels", "topics")
    ]
    graph = helper.make_graph(
        heads,
        "two heads",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["texts", 8])],
        [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, ["texts", 3])
            for n in ("labels", "topics")
        ],
        [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "model.onnx")

    quantise(tmp_path / "model.onnx", tmp_path / "model.int8.onnx")

    x = rng.normal(size=(5, 8)).astype(np.float32)
    session = onnxruntime.InferenceSession(tmp_path / "model.int8.onnx")
    labels, topics = session.run(None, {"x": x})
    np.testing.assert_array_equal(labels, topics)
    np.testing.assert_allclose(labels, x @ weight.T, atol=0.15)
