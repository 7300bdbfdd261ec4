"""Classification on GPU: torch in bf16, or in fp32 where there is no GPU."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import torch

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads
from textwire.models.engines.token_batches import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, token_batches
from textwire.models.engines.tokenizing import TokenReader
from textwire.models.engines.torch import (
    HEADS_FILE,
    load_heads,
    load_transformer,
    mask_until,
    mean_over_tokens,
)
from textwire.models.engines.torch_neighbours import (
    NEIGHBOURS_FILE,
    NeighboursVote,
    load_neighbours,
)

PARTS = ("weight", "bias")
logger = logging.getLogger(__name__)


class TorchClassifier:
    """A classifier over the artifact's safetensors weights and its `heads.safetensors`."""

    def __init__(self, artifact: Artifact) -> None:
        """Load the weights onto the GPU if there is one.

        Raises: ArtifactMissing: the artifact has no weights, or no heads.
                ArtifactCorrupt: they cannot be loaded, or are of another shape.
        """
        manifest = artifact.manifest
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._dtype = torch.bfloat16 if self._device == "cuda" else torch.float32
        precision = "bf16" if self._device == "cuda" else "fp32"
        self.name = f"{manifest.task}/{manifest.version}/torch-{precision}"
        self._heads = Heads.of(artifact)
        self.labels = self._heads.labels
        self.topics = self._heads.topics
        self._budget = GPU_BATCH_TOKENS if self._device == "cuda" else CPU_BATCH_TOKENS
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        until = manifest.pooled_until
        self._until = self._reader.id_of(until) if until else None
        self._model = load_transformer(artifact).to(self._device, self._dtype).eval()
        # The heads are small and decide by little: they stay in fp32.
        self._weight, self._bias = (part.to(self._device) for part in _stacked_heads(artifact))
        self._neighbours = _neighbours(artifact)
        if self._neighbours:
            self._neighbours.to(self._device)
        if manifest.events:
            logger.info(
                "%s does not read the head of events, which stands in the ONNX graphs alone.",
                self.name,
            )

    def classify(self, texts: Sequence[str]) -> Classified:
        """Probabilities for each text."""
        rows = self._reader.read(texts)
        logits = np.empty((len(rows), len(self.labels) + len(self.topics)), dtype=np.float32)
        for batch in token_batches([len(row) for row in rows], self._budget):
            logits[batch] = self._run([rows[index] for index in batch])
        return self._heads.classified(*np.split(logits, [len(self.labels)], axis=1))

    @property
    def reader(self) -> TokenReader:
        """What makes tokens of texts."""
        return self._reader

    @property
    def embeddings(self) -> torch.nn.Module:
        """The layer that makes a vector of each token, before places are added."""
        layer: torch.nn.Module = self._model.get_input_embeddings()
        return layer

    def logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the heads say, labels before topics; gradients flow unless that was switched off.

        Args:    ids, mask: (n, length) int64.
        Returns: (n, labels + topics) float32.
        """
        ids, mask = ids.to(self._device), mask.to(self._device)
        hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        if self._until is not None:
            mask = mask_until(ids, mask, self._until)
        pooled = mean_over_tokens(hidden.float(), mask)
        logits = pooled @ self._weight.T + self._bias
        if self._neighbours:
            logits = self._neighbours(pooled, logits)
        return logits

    @torch.inference_mode()
    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        ids, mask = (torch.from_numpy(part) for part in self._reader.pad(rows))
        found: Vectors = self.logits(ids, mask).cpu().numpy()
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
