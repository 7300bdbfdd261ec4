"""Classification on CPU: ONNX Runtime, int8 or fp32, with pooling and both heads in the graph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import GRAPHS, Precision
from textwire.models.engines.onnx_graph import OnnxGraph
from textwire.models.engines.probabilities import Heads
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.tokenizing import TokenReader

LABELS_OUTPUT = "label_logits"
TOPICS_OUTPUT = "topic_logits"


class OnnxClassifier:
    """A classifier over one inference session.

    With int8 a probability depends slightly on the batch, since activations are scaled by batch.
    """

    def __init__(self, artifact: Artifact, precision: Precision = "int8", threads: int = 1) -> None:
        """Load the graph of a precision.

        Raises: ArtifactMissing: the artifact has no such graph.
                ArtifactCorrupt: the graph cannot be run, or gives something else.
        """
        manifest = artifact.manifest
        self.name = f"{manifest.task}/{manifest.version}/{precision}"
        self._heads = Heads.of(artifact)
        self.labels = self._heads.labels
        self.topics = self._heads.topics
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        widths = {LABELS_OUTPUT: len(self.labels), TOPICS_OUTPUT: len(self.topics)}
        gives = {name: width for name, width in widths.items() if width}
        self._graph = OnnxGraph(artifact, GRAPHS[precision], gives, threads)

    def classify(self, texts: Sequence[str]) -> Classified:
        """Probabilities for each text."""
        return self._heads.classified(*self.logits(texts))

    def logits(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """What the graph gives, which calibration is fitted on: (n, labels) and (n, topics)."""
        rows = self._reader.read(texts)
        label_logits = np.empty((len(rows), len(self.labels)), dtype=np.float32)
        topic_logits = np.empty((len(rows), len(self.topics)), dtype=np.float32)
        for batch in token_batches([len(row) for row in rows]):
            outputs = self._graph.run(*self._reader.pad([rows[index] for index in batch]))
            if self.labels:
                label_logits[batch] = outputs[0]
            if self.topics:
                topic_logits[batch] = outputs[-1]
        return label_logits, topic_logits
