"""A head of events on a classifier's graph: it reads states inside the transformer.

The last layer was taught tone and topics, and has forgotten much of what happened. So the head
reads means over the tokens of three layers, and over the masks, which stand for the company, of the
upper two. It is one product more: what it reads is computed anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from textwire.errors import ArtifactError
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx_classifier import EVENTS_OUTPUT

STATES = "event_states"
AXIS = "event.axis"
NORM = "LayerNormalization"


def with_states(graph: ModelProto, mask_id: int) -> ModelProto:
    """The graph, which gives as `event_states` what the head would read: (texts, 5 widths).

    Args:   mask_id: of the token that stands for the company.
    Raises: ArtifactError: its layers are not those of BERT's family.
    """
    grown = ModelProto()
    grown.CopyFrom(graph)
    _add_states(grown, mask_id)
    grown.graph.output.append(helper.make_tensor_value_info(STATES, TensorProto.FLOAT, None))
    return grown


def with_head(graph: ModelProto, mask_id: int, weight: Vectors, bias: Vectors) -> ModelProto:
    """The graph with `event_logits`: (texts, kinds + 1), the last column that nothing happened.

    Args:   weight: (kinds + 1, 5 widths) float32. bias: (kinds + 1,) float32.
    Raises: ArtifactError: its layers are not those of BERT's family.
    """
    grown = ModelProto()
    grown.CopyFrom(graph)
    _add_states(grown, mask_id)
    _constant(grown, "event.weight", weight.T.astype(np.float32))
    _constant(grown, "event.bias", bias.astype(np.float32))
    # An Einsum, since the quantiser turns products of any other kind into eight bits.
    _node(grown, "Einsum", [STATES, "event.weight"], "event.product", equation="ts,sk->tk")
    _node(grown, "Add", ["event.product", "event.bias"], EVENTS_OUTPUT)
    columns: list[str | int | None] = ["texts", len(bias)]
    grown.graph.output.append(
        helper.make_tensor_value_info(EVENTS_OUTPUT, TensorProto.FLOAT, columns)
    )
    onnx.checker.check_model(grown)
    return grown


def _add_states(grown: ModelProto, mask_id: int) -> None:
    low, middle, top = _layers(grown)
    _constant(grown, AXIS, np.array([2], dtype=np.int64))
    _constant(grown, "event.length", np.array([1], dtype=np.int64))
    _constant(grown, "event.mask_id", np.array(mask_id, dtype=np.int64))
    _constant(grown, "event.one", np.array(1, dtype=np.float32))
    _weights(grown, "attention_mask", "event.token")
    _node(grown, "Equal", ["input_ids", "event.mask_id"], "event.is_mask")
    _weights(grown, "event.is_mask", "event.mask")
    wanted = [(low, "token"), (middle, "token"), (top, "token"), (middle, "mask"), (top, "mask")]
    means = [
        _mean(grown, states, f"event.{of}", place) for place, (states, of) in enumerate(wanted)
    ]
    _node(grown, "Concat", means, STATES, axis=1)


def _layers(graph: ModelProto) -> tuple[str, str, str]:
    """Outputs of three layers: a third of the way, two thirds, and the last."""
    norms = [node.output[0] for node in graph.graph.node if node.op_type == NORM]
    ends = norms[2::2]  # after the embeddings' norm each layer has one inside and one at its end
    if not ends or len(norms) % 2 == 0:
        raise ArtifactError(
            "The graph is not of BERT's family, so no head of events can read it: use a base such "
            "as all-MiniLM-L6-v2."
        )
    depth = len(ends)
    return ends[max(depth // 3, 1) - 1], ends[max(2 * depth // 3, 1) - 1], ends[-1]


def _weights(grown: ModelProto, of: str, name: str) -> None:
    """A row of 0 and 1 for each text as floats, and how many of 1, at least one."""
    _node(grown, "Cast", [of], f"{name}.flat", to=TensorProto.FLOAT)
    _node(grown, "Unsqueeze", [f"{name}.flat", AXIS], f"{name}.weights")
    _node(grown, "ReduceSum", [f"{name}.weights", "event.length"], f"{name}.sum", keepdims=0)
    _node(grown, "Max", [f"{name}.sum", "event.one"], f"{name}.count")


def _mean(grown: ModelProto, states: str, name: str, place: int) -> str:
    weighed, summed, mean = (f"event.{place}.{step}" for step in ("weighed", "summed", "mean"))
    _node(grown, "Mul", [states, f"{name}.weights"], weighed)
    _node(grown, "ReduceSum", [weighed, "event.length"], summed, keepdims=0)
    _node(grown, "Div", [summed, f"{name}.count"], mean)
    return mean


def _node(
    grown: ModelProto, kind: str, inputs: Sequence[str], output: str, **attributes: Any
) -> None:
    grown.graph.node.append(helper.make_node(kind, list(inputs), [output], output, **attributes))


def _constant(grown: ModelProto, name: str, value: object) -> None:
    grown.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
