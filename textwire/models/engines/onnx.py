"""The serving engine on CPU: ONNX Runtime, int8 or fp32, with pooling and norm inside the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx_graph import OnnxGraph
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.tokenizing import TokenReader
from textwire.models.engines.word_states import WordStates, word_states

Precision = Literal["int8", "fp32"]
GRAPHS: dict[Precision, str] = {"int8": "model.int8.onnx", "fp32": "model.onnx"}
OUTPUT = "vectors"
STATES = "states"


class OnnxEncoder:
    """An encoder over one inference session.

    With int8 a vector depends slightly on its batch mates, since activations are scaled by batch:
    cosine 0.99 or more to the vector of the text alone.
    """

    def __init__(self, artifact: Artifact, precision: Precision = "int8", threads: int = 1) -> None:
        """Load the graph of a precision.

        Raises: ArtifactMissing: the artifact has no such graph.
                ArtifactCorrupt: the graph cannot be run, or gives something else.
        """
        manifest = artifact.manifest
        self.name = f"{manifest.task}/{manifest.version}/{precision}"
        self.dimension = manifest.dimension
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        by_token = {STATES: self.dimension} if manifest.states else {}
        self._graph = OnnxGraph(
            artifact, GRAPHS[precision], {OUTPUT: self.dimension}, threads, by_token
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text: (n, dimension) float32."""
        rows = self._reader.read(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        for batch in token_batches([len(row) for row in rows]):
            vectors[batch] = self._encode_batch([rows[index] for index in batch])
        return vectors

    def encode_words(self, texts: Sequence[str]) -> tuple[Vectors, list[WordStates]]:
        """The same, (n, dimension) float32, with the words of each.

        For artifacts whose manifest says that their graphs give states.
        """
        rows = self._reader.read_words(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        words: dict[int, WordStates] = {}
        for batch in token_batches([len(row.ids) for row in rows]):
            padded = self._reader.pad([rows[index].ids for index in batch])
            vectors[batch], states = self._graph.run(*padded)  # (n, d), (n, length, d)
            for index, of_text in zip(batch, states, strict=True):
                words[index] = word_states(texts[index], rows[index], of_text)
        return vectors, [words[index] for index in range(len(rows))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return [len(row) for row in self._reader.read(texts)]

    def _encode_batch(self, rows: Sequence[Sequence[int]]) -> Vectors:
        (vectors,) = self._graph.run(*self._reader.pad(rows), only=OUTPUT)
        return vectors
