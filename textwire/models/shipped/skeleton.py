"""An ONNX graph without the weights that its base model has: what to compute, and with which."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import msgspec
import numpy as np
from onnx import ModelProto, TensorProto, numpy_helper

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW
from textwire.models.engines.encoder import Vectors
from textwire.models.shipped.adapters import Weights

LACKING = "textwire.lacking"


class Place(msgspec.Struct, frozen=True):
    """Which weight of the transformer stands under a name of the graph."""

    weight: str
    transposed: bool  # as torch's exporter writes the product with a linear layer's weight


def emptied(graph: ModelProto, weights: Weights) -> ModelProto:
    """The graph without each constant that is one of the weights; which, stands in its metadata."""
    skeleton = copy.deepcopy(graph)
    known = _by_content(weights)
    lacking: dict[str, Place] = {}
    kept: list[TensorProto] = []
    for constant in skeleton.graph.initializer:
        place = known.get(_content(numpy_helper.to_array(constant)))
        if place is None:
            kept.append(constant)
        else:
            lacking[constant.name] = place
    del skeleton.graph.initializer[:]
    skeleton.graph.initializer.extend(kept)
    skeleton.metadata_props.add(
        key=LACKING, value=msgspec.json.encode(lacking, order="deterministic").decode()
    )
    return skeleton


def filled(skeleton: ModelProto, weights: Weights) -> ModelProto:
    """The whole graph again, with the weights that it lacks.

    Raises: ArtifactCorrupt: it does not say what it lacks, or lacks what is not there.
    """
    graph = copy.deepcopy(skeleton)
    for name, place in _lacking(skeleton).items():
        if place.weight not in weights:
            raise ArtifactCorrupt(
                f"The graph needs a weight {place.weight}, which the base model does not have: it "
                "was made from another base."
            )
        weight = weights[place.weight]
        constant = np.ascontiguousarray(weight.T if place.transposed else weight)
        graph.graph.initializer.append(numpy_helper.from_array(constant, name))
    kept = [prop for prop in graph.metadata_props if prop.key != LACKING]
    del graph.metadata_props[:]
    graph.metadata_props.extend(kept)
    return graph


def _lacking(skeleton: ModelProto) -> Mapping[str, Place]:
    said = {prop.key: prop.value for prop in skeleton.metadata_props}
    try:
        return msgspec.json.decode(said[LACKING], type=dict[str, Place])
    except (KeyError, msgspec.DecodeError) as error:
        raise ArtifactCorrupt(
            f"The graph does not say which weights it lacks: {error!r}. {MAKE_ANEW}"
        ) from error


Content = tuple[tuple[int, ...], bytes]


def _by_content(weights: Weights) -> dict[Content, Place]:
    places: dict[Content, Place] = {}
    for name, weight in weights.items():
        if weight.ndim == 2:
            places[_content(weight.T)] = Place(name, transposed=True)
    for name, weight in weights.items():
        places[_content(weight)] = Place(name, transposed=False)
    return places


def _content(array: Vectors) -> Content:
    return array.shape, np.ascontiguousarray(array, dtype=np.float32).tobytes()
