"""Classification on CPU: ONNX Runtime, int8 or fp32, with pooling and all heads in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import GRAPHS, Precision
from textwire.models.engines.onnx_graph import OnnxGraph
from textwire.models.engines.probabilities import Heads, softmax
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.tokenizing import TokenReader

LABELS_OUTPUT = "label_logits"
TOPICS_OUTPUT = "topic_logits"
EVENTS_OUTPUT = "event_logits"  # of each kind, and of none


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
        self._widths = {
            LABELS_OUTPUT: len(self.labels),
            TOPICS_OUTPUT: len(self.topics),
            EVENTS_OUTPUT: len(manifest.events) + 1 if manifest.events else 0,
        }
        gives = {name: width for name, width in self._widths.items() if width}
        self._graph = OnnxGraph(artifact, GRAPHS[precision], gives, threads)

    def classify(self, texts: Sequence[str]) -> Classified:
        """Probabilities for each text."""
        logits = self._logits(texts)
        found = self._heads.classified(logits[LABELS_OUTPUT], logits[TOPICS_OUTPUT])
        events = softmax(logits[EVENTS_OUTPUT])[:, :-1] if self._widths[EVENTS_OUTPUT] else None
        return replace(found, events=events)

    def logits(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """What the graph gives, which calibration is fitted on: (n, labels) and (n, topics)."""
        found = self._logits(texts)
        return found[LABELS_OUTPUT], found[TOPICS_OUTPUT]

    def _logits(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """What the graph gives of each head; of one that there is not, no columns."""
        rows = self._reader.read(texts)
        found = {
            name: np.empty((len(rows), width), dtype=np.float32)
            for name, width in self._widths.items()
        }
        given = [logits for logits in found.values() if logits.shape[1]]
        for batch in token_batches([len(row) for row in rows]):
            outputs = self._graph.run(*self._reader.pad([rows[index] for index in batch]))
            for logits, output in zip(given, outputs, strict=True):
                logits[batch] = output
        return found
