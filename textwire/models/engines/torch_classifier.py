"""Classification on GPU: torch in bf16, or in fp32 where there is no GPU."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import structlog
import torch

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads
from textwire.models.engines.torch import (
    HEADS_FILE,
    TorchTransformer,
    load_heads,
    mask_until,
    mean_over_tokens,
)
from textwire.models.engines.torch_neighbours import (
    NEIGHBOURS_FILE,
    NeighboursVote,
    load_neighbours,
)

PARTS = ("weight", "bias")
log = structlog.get_logger()


class TorchClassifier(TorchTransformer):
    """A classifier over the artifact's safetensors weights and its `heads.safetensors`."""

    def __init__(self, artifact: Artifact) -> None:
        """Load the weights onto the GPU if there is one.

        Raises: ArtifactMissing: the artifact has no weights, or no heads.
                ArtifactCorrupt: they cannot be loaded, or are of another shape.
        """
        self._heads = Heads.of(artifact)
        super().__init__(artifact)
        self.labels = self._heads.labels
        self.topics = self._heads.topics
        until = artifact.manifest.pooled_until
        self._until = self.reader.id_of(until) if until else None
        # The heads are small and decide by little: they stay in fp32.
        self._weight, self._bias = (part.to(self.device) for part in _stacked_heads(artifact))
        self._neighbours = _neighbours(artifact)
        if self._neighbours:
            self._neighbours.to(self.device)
        if artifact.manifest.events:
            log.info("events are not told: ONNX graphs alone have their head", model=self.name)

    def classify(self, texts: Sequence[str]) -> Classified:
        """Probabilities for each text."""
        rows = self.reader.read(texts)
        logits = np.empty((len(rows), len(self.labels) + len(self.topics)), dtype=np.float32)
        for batch in self._batches([len(row) for row in rows]):
            logits[batch] = self._run([rows[index] for index in batch])
        return self._heads.classified(*np.split(logits, [len(self.labels)], axis=1))

    def logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the heads say, labels before topics; gradients flow unless that was switched off.

        Args:    ids, mask: (n, length) int64.
        Returns: (n, labels + topics) float32.
        """
        ids, mask = ids.to(self.device), mask.to(self.device)
        hidden = self.states(ids, mask)
        if self._until is not None:
            mask = mask_until(ids, mask, self._until)
        pooled = mean_over_tokens(hidden, mask)
        logits = pooled @ self._weight.T + self._bias
        if self._neighbours:
            logits = self._neighbours(pooled, logits)
        return logits

    @torch.inference_mode()
    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        found: Vectors = self.logits(*self._padded(rows)).cpu().numpy()
        return found


def _neighbours(artifact: Artifact) -> NeighboursVote | None:
    """The vote of the nearest learned texts, of a model with one head that has it."""
    if NEIGHBOURS_FILE not in artifact.manifest.files:
        return None
    artifact.file(NEIGHBOURS_FILE)
    manifest, vote = artifact.manifest, load_neighbours(artifact.path)
    assert vote is not None  # noqa: S101 - the file is there
    expected = (manifest.dimension, len(manifest.labels or manifest.topics))
    if (vote.vectors.shape[1], vote.classes.shape[1]) != expected:
        raise ArtifactCorrupt(
            f"{artifact.path / NEIGHBOURS_FILE} has vectors of {vote.vectors.shape[1]} numbers and "
            f"{vote.classes.shape[1]} classes, and its manifest says {expected}. {MAKE_ANEW}"
        )
    return vote


def _stacked_heads(artifact: Artifact) -> tuple[torch.Tensor, torch.Tensor]:
    """Its heads as one: a row for each label, then for each topic."""
    manifest = artifact.manifest
    artifact.file(HEADS_FILE)
    heads = load_heads(artifact)
    columns = {"labels": manifest.labels, "topics": manifest.topics}
    names = [name for name, of in columns.items() if of]
    wanted = {f"{name}.{part}" for name in names for part in PARTS}
    if set(heads) != wanted:
        raise ArtifactCorrupt(
            f"{artifact.path / HEADS_FILE} holds {', '.join(sorted(heads))}, and its manifest asks "
            f"for {', '.join(sorted(wanted))}. {MAKE_ANEW}"
        )
    weight, bias = (torch.cat([heads[f"{name}.{part}"] for name in names]) for part in PARTS)
    expected = (len(manifest.labels) + len(manifest.topics), manifest.dimension)
    if tuple(weight.shape) != expected:
        raise ArtifactCorrupt(
            f"{artifact.path / HEADS_FILE} is of shape {tuple(weight.shape)}, and its manifest "
            f"says {expected}. {MAKE_ANEW}"
        )
    return weight, bias
