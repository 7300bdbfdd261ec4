"""A transformer as an ONNX graph: token ids in, a matrix by each name out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import onnxruntime

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.tokenizing import Ids

INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class OnnxGraph:
    """One inference session over one of an artifact's graphs."""

    def __init__(
        self,
        artifact: Artifact,
        file: str,
        gives: Mapping[str, int],
        threads: int,
        by_token: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Load the graph.

        Args:   gives: the width of each matrix, by the name of the output.
                by_token: the same of what has a row for each token of each text.
        Raises: ArtifactMissing: the artifact has no such graph.
                ArtifactCorrupt: it cannot be run, takes what it is not given, or gives something
                else.
        """
        self._session = _open_session(artifact, file, threads)
        self._outputs = [*gives, *by_token]
        self._takes = {graph_input.name for graph_input in self._session.get_inputs()}
        if not self._takes <= INPUTS:
            raise ArtifactCorrupt(
                f"{artifact.path / file} takes {', '.join(sorted(self._takes))}, and is given "
                f"{', '.join(sorted(INPUTS))}. {MAKE_ANEW}"
            )
        given = {output.name: output.shape for output in self._session.get_outputs()}
        shapes = _shapes(gives, by_token)
        if not _is_what_is_said(given, shapes):
            raise ArtifactCorrupt(
                f"{artifact.path / file} gives {given}, and its manifest says columns: "
                f"{dict(gives) | dict(by_token)}. {MAKE_ANEW}"
            )

    def run(self, ids: Ids, mask: Ids, only: str | None = None) -> list[Vectors]:
        """What the graph gives for a batch, in the order of `gives`, and then of `by_token`.

        Args:    ids, mask: (n, length) int64. only: one output, and nothing else is computed.
        Returns: each (n, width) float32, or (n, length, width) of what it gives for each token.
        """
        # One sentence a text: all of it is of type 0. Models such as DistilBERT know no types.
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        outputs: list[Vectors] = self._session.run(
            [only] if only else self._outputs, {name: feeds[name] for name in self._takes}
        )
        return outputs


class _Shape(NamedTuple):
    sizes: int
    width: int


def _shapes(gives: Mapping[str, int], by_token: Mapping[str, int]) -> dict[str, _Shape]:
    return {name: _Shape(2, width) for name, width in gives.items()} | {
        name: _Shape(3, width) for name, width in by_token.items()
    }


def _is_what_is_said(given: Mapping[str, Sequence[Any]], said: Mapping[str, _Shape]) -> bool:
    """Whether names and widths agree; what only a run can tell is left to the warm-up."""
    return given.keys() == said.keys() and all(
        _fits(shape, said[name]) for name, shape in given.items()
    )


def _fits(shape: Sequence[Any], said: _Shape) -> bool:
    # Of an output whose shape nobody knows, nothing is said; a size that varies has a name.
    return not shape or (
        len(shape) == said.sizes and (shape[-1] == said.width or not isinstance(shape[-1], int))
    )


def _open_session(artifact: Artifact, file: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A memory plan is kept for every shape that was ever seen, and batches have hundreds of shapes.
    options.enable_mem_pattern = False
    graph = artifact.file(file)
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's classes have no narrower root
        raise ArtifactCorrupt(f"{graph} cannot be run: {error}. {MAKE_ANEW}") from error
