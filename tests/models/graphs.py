"""Graphs of the right names that should not be served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers.implementations import BertWordPieceTokenizer

from tests.tiny_models import WIDTH, write_manifest
from textwire.models.artifacts.artifact import Artifact
from textwire.recommendations.ranking.features import FEATURES

Shape = Sequence[int | str]
INPUTS = ("input_ids", "attention_mask")
Inputs = Mapping[str, tuple[int, Shape]]
TEXTS: Shape = ("texts", WIDTH)


def artifact_of(graph: bytes, folder: Path, **fields: object) -> Artifact:
    """An artifact with that graph for fp32, and a tokenizer of one word."""
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(graph)
    words = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "warm")
    vocabulary = {word: number for number, word in enumerate(words)}
    BertWordPieceTokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    return Artifact(folder, write_manifest(folder, **fields))


def constant_graph(
    row: Sequence[float],
    inputs: Sequence[str] = INPUTS,
    output: str = "vectors",
    shape: Shape = TEXTS,
) -> bytes:
    """An encoder that gives each text the same row, whatever it says.

    Args: shape: what is said of the output.
    """
    nodes, constants = _rows(inputs[0], output, row)
    return _graph(nodes, constants, _tokens(inputs), {output: shape})


def heads_graph(heads: Mapping[str, Sequence[float]]) -> bytes:
    """A classifier of that kind: the row of each output."""
    nodes, constants = [], {}
    for output, row in heads.items():
        more_nodes, more_constants = _rows(INPUTS[0], output, row)
        nodes += more_nodes
        constants |= more_constants
    shapes = {output: ("texts", len(row)) for output, row in heads.items()}
    return _graph(nodes, constants, _tokens(INPUTS), shapes)


def ranking_graph(
    row: Sequence[float], output: str = "probabilities", columns: int = len(FEATURES)
) -> bytes:
    """A ranker that gives each item the same row."""
    nodes, constants = _rows("features", output, row)
    features = {"features": (TensorProto.FLOAT, ("items", columns))}
    return _graph(nodes, constants, features, {output: ("items", "classes")})


def unpooled_graph() -> bytes:
    """An encoder that gives a row for each token of a text."""
    nodes, constants = _rows(INPUTS[0], "rows", [1.0] + [0.0] * (WIDTH - 1))
    nodes.append(helper.make_node("Unsqueeze", ["rows", "tokens"], ["vectors"]))
    constants["tokens"] = np.array([1], dtype=np.int64)
    return _graph(nodes, constants, _tokens(INPUTS), {"vectors": ("texts", 1, WIDTH)})


def short_sighted_graph(tokens: int = 128) -> bytes:
    """An encoder that has places for so many tokens, and fails on the next."""
    nodes, constants = _rows(INPUTS[0], "rows", [1.0] + [0.0] * (WIDTH - 1))
    nodes += [
        helper.make_node("Shape", [INPUTS[0]], ["length"], start=1),
        helper.make_node("Sub", ["length", "first"], ["last"]),
        helper.make_node("Gather", ["places", "last"], ["place"]),
        helper.make_node("Add", ["rows", "place"], ["vectors"]),
    ]
    constants |= {
        "places": np.zeros(tokens, dtype=np.float32),
        "first": np.array([1], dtype=np.int64),
    }
    return _graph(nodes, constants, _tokens(INPUTS), {"vectors": TEXTS})


def endless_graph() -> bytes:
    """Counts until the sun goes out."""
    counted = helper.make_graph(
        [
            helper.make_node("Add", ["before", "before"], ["after"]),
            helper.make_node("Identity", ["go_on"], ["and_on"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("before", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("and_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("after", TensorProto.FLOAT, None),
        ],
    )
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["words"], to=TensorProto.FLOAT),
        helper.make_node("Loop", ["turns", "yes", "words"], ["vectors"], body=counted),
    ]
    constants = {"turns": np.array(2**62, dtype=np.int64), "yes": np.array(True)}
    return _graph(nodes, constants, _tokens(INPUTS), {"vectors": ("texts", "width")})


def greedy_graph() -> bytes:
    """Wants 4 TB for a text."""
    nodes = [
        helper.make_node("Shape", ["input_ids"], ["ids_shape"], end=1),
        helper.make_node("Concat", ["ids_shape", "much"], ["wanted"], axis=0),
        helper.make_node("ConstantOfShape", ["wanted"], ["vectors"]),
    ]
    constants = {"much": np.array([10**12], dtype=np.int64)}
    return _graph(nodes, constants, _tokens(INPUTS), {"vectors": ("texts", "width")})


def _tokens(names: Sequence[str]) -> Inputs:
    return dict.fromkeys(names, (TensorProto.INT64, ("texts", "tokens")))


def _rows(
    of: str, output: str, row: Sequence[float]
) -> tuple[list[onnx.NodeProto], dict[str, np.ndarray]]:
    """Nodes and constants that give the same row for each row of an input."""
    nodes = [
        helper.make_node("Shape", [of], [f"{output}_shape"], end=1),
        helper.make_node("Concat", [f"{output}_shape", f"{output}_1"], [f"{output}_n"], axis=0),
        helper.make_node("Tile", [f"{output}_row", f"{output}_n"], [output]),
    ]
    return nodes, {
        f"{output}_row": np.array([row], dtype=np.float32),
        f"{output}_1": np.array([1], dtype=np.int64),
    }


def _graph(
    nodes: Sequence[onnx.NodeProto],
    constants: Mapping[str, np.ndarray],
    inputs: Inputs,
    outputs: Mapping[str, Shape],
) -> bytes:
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info(name, *what) for name, what in inputs.items()],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in outputs.items()
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()
