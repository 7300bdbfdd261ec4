"""A recogniser of entities with its weights, through which gradients flow."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.entity_recogniser import THRESHOLD, Decoding, Tagged, tag_rows
from textwire.models.engines.tokenizing import WordRow
from textwire.models.engines.torch import HEADS_FILE, TorchTransformer, load_heads


class TorchTagger(TorchTransformer):
    """What `EntityRecogniser` serves, on torch."""

    def __init__(self, artifact: Artifact) -> None:
        """Load its weights.

        Raises: ArtifactMissing: the artifact has none.
                ArtifactCorrupt: they cannot be loaded, or are of another shape.
        """
        super().__init__(artifact)
        manifest = artifact.manifest
        self.tags = manifest.labels
        self.decoding = Decoding(
            self.tags,
            manifest.temperatures.get("tags", 1.0),
            manifest.thresholds.get(THRESHOLD, 0.0),
        )
        heads = load_heads(artifact)
        self._weight = heads.get("tags.weight", torch.empty(0)).to(self.device)
        self._bias = heads.get("tags.bias", torch.empty(0)).to(self.device)
        if self._weight.shape != (len(self.tags), manifest.dimension):
            raise ArtifactCorrupt(
                f"{artifact.path / HEADS_FILE} has no head of {len(self.tags)} tags over "
                f"{manifest.dimension} numbers. {MAKE_ANEW}"
            )

    def logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 token ids and mask to (n, length, tags) float32."""
        states = self.states(ids.to(self.device), mask.to(self.device))
        return states @ self._weight.T + self._bias

    def tag_texts(self, texts: Sequence[str]) -> list[Tagged]:
        """Logits of the words of each text."""
        return tag_rows(self.reader.read_words(texts), len(self.tags), self._run)

    @torch.inference_mode()
    def _run(self, rows: Sequence[WordRow]) -> Vectors:
        logits: Vectors = self.logits(*self._padded([row.ids for row in rows])).cpu().numpy()
        return logits
