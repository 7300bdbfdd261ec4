"""A recogniser of entities with its weights, through which gradients flow."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.entity_recogniser import THRESHOLD, Decoding, Tagged, tag_rows
from textwire.models.engines.tokenizing import TokenReader, WordRow
from textwire.models.engines.torch import HEADS_FILE, load_heads, load_transformer


class TorchTagger:
    """What `EntityRecogniser` serves, on torch and the CPU."""

    def __init__(self, artifact: Artifact) -> None:
        """Load its weights.

        Raises: ArtifactMissing: the artifact has none.
                ArtifactCorrupt: they cannot be loaded, or are of another shape.
        """
        manifest = artifact.manifest
        self.tags = manifest.labels
        self.reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        self.decoding = Decoding(
            self.tags,
            manifest.temperatures.get("tags", 1.0),
            manifest.thresholds.get(THRESHOLD, 0.0),
        )
        self._model = load_transformer(artifact).eval()
        heads = load_heads(artifact)
        self._weight = heads.get("tags.weight", torch.empty(0))
        self._bias = heads.get("tags.bias", torch.empty(0))
        if self._weight.shape != (len(self.tags), manifest.dimension):
            raise ArtifactCorrupt(
                f"{artifact.path / HEADS_FILE} has no head of {len(self.tags)} tags over "
                f"{manifest.dimension} numbers. {MAKE_ANEW}"
            )

    @property
    def embeddings(self) -> torch.nn.Module:
        """The layer that makes a vector of each token, before places are added."""
        layer: torch.nn.Module = self._model.get_input_embeddings()
        return layer

    def logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 token ids and mask to (n, length, tags) float32."""
        hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: torch.Tensor = hidden.float() @ self._weight.T + self._bias
        return logits

    def tag_texts(self, texts: Sequence[str]) -> list[Tagged]:
        """Logits of the words of each text."""
        return tag_rows(self.reader.read_words(texts), len(self.tags), self._run)

    @torch.inference_mode()
    def _run(self, rows: Sequence[WordRow]) -> Vectors:
        ids, mask = self.reader.pad([row.ids for row in rows])
        logits: Vectors = self.logits(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
        return logits
