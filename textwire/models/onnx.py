"""The serving engine on CPU: ONNX Runtime, int8 or fp32, with pooling and norm inside the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import onnxruntime

from textwire.errors import ArtifactCorrupt
from textwire.models.artifact import MAKE_ANEW, Artifact
from textwire.models.encoder import Vectors
from textwire.models.token_batches import token_batches
from textwire.models.tokenizing import Ids, TokenReader

Precision = Literal["int8", "fp32"]
GRAPHS: dict[Precision, str] = {"int8": "model.int8.onnx", "fp32": "model.onnx"}


class OnnxEncoder:
    """An encoder over one inference session.

    With int8 a vector depends slightly on its batch mates, since activations are scaled by batch:
    cosine 0.99 or more to the vector of the text alone.
    """

    def __init__(self, artifact: Artifact, precision: Precision = "int8", threads: int = 1) -> None:
        """Load the graph of a precision.

        Raises: ArtifactMissing: the artifact has no such graph.
                ArtifactCorrupt: the graph cannot be run.
        """
        manifest = artifact.manifest
        self.name = f"{manifest.task}/{manifest.version}/{precision}"
        self.dimension = manifest.dimension
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        self._session = open_session(artifact, GRAPHS[precision], threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text."""
        rows = self._reader.read(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        for batch in token_batches([len(row) for row in rows]):
            vectors[batch] = self._encode_batch([rows[index] for index in batch])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return [len(row) for row in self._reader.read(texts)]

    def _encode_batch(self, rows: Sequence[Sequence[int]]) -> Vectors:
        feeds = feeds_of(self._session, *self._reader.pad(rows))
        vectors: Vectors = self._session.run(None, feeds)[0]
        return vectors


def feeds_of(session: onnxruntime.InferenceSession, ids: Ids, mask: Ids) -> dict[str, Ids]:
    """What a graph is given for a batch, by the names of its inputs."""
    feeds = {"input_ids": ids, "attention_mask": mask}
    # One sentence a text: all of it is of type 0. Models such as DistilBERT know no types.
    if any(graph_input.name == "token_type_ids" for graph_input in session.get_inputs()):
        feeds["token_type_ids"] = np.zeros_like(ids)
    return feeds


def open_session(artifact: Artifact, graph: str, threads: int) -> onnxruntime.InferenceSession:
    """A session over one of an artifact's graphs.

    Raises: ArtifactMissing: the artifact has no such graph.
            ArtifactCorrupt: it cannot be run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A memory plan is kept for every shape that was ever seen, and batches have hundreds of shapes.
    options.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(
            str(artifact.file(graph)), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's classes have no narrower root
        raise ArtifactCorrupt(
            f"{artifact.path / graph} cannot be run: {error}. {MAKE_ANEW}"
        ) from error
