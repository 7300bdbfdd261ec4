"""The serving engine on GPU: torch in bf16, or in fp32 where there is no GPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import AutoConfig, AutoModel

from textwire.errors import ArtifactCorrupt
from textwire.models.artifact import MAKE_ANEW, Artifact
from textwire.models.encoder import Vectors
from textwire.models.token_batches import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, token_batches
from textwire.models.tokenizing import TokenReader


class TorchEncoder:
    """An encoder over the artifact's safetensors weights; mean pooling, unit length."""

    def __init__(self, artifact: Artifact) -> None:
        """Load the weights onto the GPU if there is one.

        Raises: ArtifactMissing: the artifact has no weights.
                ArtifactCorrupt: they cannot be loaded.
        """
        manifest = artifact.manifest
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._dtype = torch.bfloat16 if self._device == "cuda" else torch.float32
        precision = "bf16" if self._device == "cuda" else "fp32"
        self.name = f"{manifest.task}/{manifest.version}/torch-{precision}"
        self.dimension = manifest.dimension
        self._budget = GPU_BATCH_TOKENS if self._device == "cuda" else CPU_BATCH_TOKENS
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        self._model = _load_model(artifact).to(self._device, self._dtype).eval()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text."""
        rows = self._reader.read(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        for batch in token_batches([len(row) for row in rows], self._budget):
            vectors[batch] = self._encode_batch([rows[index] for index in batch])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return [len(row) for row in self._reader.read(texts)]

    @torch.inference_mode()
    def _encode_batch(self, rows: Sequence[Sequence[int]]) -> Vectors:
        ids, mask = (torch.from_numpy(part).to(self._device) for part in self._reader.pad(rows))
        hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        vectors: Vectors = mean_pool(hidden.float(), mask).cpu().numpy()
        return vectors


def mean_pool(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Unit vectors of texts: the mean over their tokens without padding, at length 1.

    Args:    hidden: (n, length, d). mask: (n, length), 1 where a token stands.
    Returns: (n, d).
    """
    weights = mask.unsqueeze(-1).to(hidden.dtype)  # (n, length, 1)
    mean = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
    return torch.nn.functional.normalize(mean, dim=-1)


def _load_model(artifact: Artifact) -> Any:
    artifact.file("config.json"), artifact.file("model.safetensors")
    try:
        config = AutoConfig.from_pretrained(artifact.path, local_files_only=True)
        return AutoModel.from_pretrained(
            artifact.path, config=config, local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ArtifactCorrupt(
            f"The weights in {artifact.path} cannot be loaded: {error}. {MAKE_ANEW}"
        ) from error
