"""The serving engine on GPU: torch in bf16, or in fp32 where there is no GPU."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from textwire.errors import ArtifactCorrupt, ArtifactMissing
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.pruned_heads import load_transformer_of
from textwire.models.engines.token_batches import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, token_batches
from textwire.models.engines.tokenizing import TokenReader
from textwire.models.engines.word_states import WordStates, word_states

HEADS_FILE = "heads.safetensors"
PROJECTION = "projection.weight"
LEARNED_FILE = "learned.safetensors"


class TorchTransformer:
    """An artifact's transformer on the GPU, in bf16; or on the CPU, in fp32."""

    def __init__(self, artifact: Artifact) -> None:
        """Load the weights.

        Raises: ArtifactMissing: the artifact has none.
                ArtifactCorrupt: they cannot be loaded.
        """
        manifest = artifact.manifest
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        is_gpu = self.device == "cuda"
        self.name = f"{manifest.task}/{manifest.version}/torch-{'bf16' if is_gpu else 'fp32'}"
        self.reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        self._budget = GPU_BATCH_TOKENS if is_gpu else CPU_BATCH_TOKENS
        dtype = torch.bfloat16 if is_gpu else torch.float32
        self._model = load_transformer(artifact).to(self.device, dtype).eval()

    @property
    def embeddings(self) -> torch.nn.Module:
        """The layer that makes a vector of each token, before places are added."""
        layer: torch.nn.Module = self._model.get_input_embeddings()
        return layer

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 to the states of the last layer, (n, length, d) float32.

        Gradients flow unless that was switched off.
        """
        states: torch.Tensor = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        return states.float()

    def _batches(self, lengths: Sequence[int]) -> Iterable[list[int]]:
        return token_batches(lengths, self._budget)

    def _padded(self, rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask, (n, length) int64."""
        ids, mask = (torch.from_numpy(part).to(self.device) for part in self.reader.pad(rows))
        return ids, mask


class TorchEncoder(TorchTransformer):
    """An encoder over the artifact's safetensors weights; mean pooling, unit length."""

    def __init__(self, artifact: Artifact) -> None:
        """Load the weights onto the GPU if there is one.

        Raises: ArtifactMissing: the artifact has no weights.
                ArtifactCorrupt: they cannot be loaded.
        """
        super().__init__(artifact)
        self.dimension = artifact.manifest.dimension
        self._heads = {
            name: weight.to(self.device) for name, weight in load_heads(artifact).items()
        }

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text: (n, dimension) float32."""
        rows = self.reader.read(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        for batch in self._batches([len(row) for row in rows]):
            vectors[batch] = self.vectors(*self._padded([rows[i] for i in batch])).cpu().numpy()
        return vectors

    def vectors(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 to unit vectors, (n, dimension) float32, with gradients."""
        ids, mask = ids.to(self.device), mask.to(self.device)
        return self._pooled(self.states(ids, mask), mask)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return [len(row) for row in self.reader.read(texts)]

    @torch.inference_mode()
    def encode_words(self, texts: Sequence[str]) -> tuple[Vectors, list[WordStates]]:
        """The same, (n, dimension) float32, with the words of each."""
        rows = self.reader.read_words(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        words: dict[int, WordStates] = {}
        for batch in self._batches([len(row.ids) for row in rows]):
            ids, mask = self._padded([rows[index].ids for index in batch])
            hidden = self.states(ids, mask)
            vectors[batch] = self._pooled(hidden, mask).cpu().numpy()
            for index, states in zip(batch, hidden.cpu().numpy(), strict=True):
                words[index] = word_states(texts[index], rows[index], states)
        return vectors, [words[index] for index in range(len(rows))]

    def _pooled(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors, (n, dimension) float32."""
        pooled = mean_over_tokens(hidden, mask)
        if PROJECTION in self._heads:
            pooled = pooled @ self._heads[PROJECTION].T
        return torch.nn.functional.normalize(pooled, dim=-1)


def mean_over_tokens(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of each text's tokens, padding left out.

    Args:    hidden: (n, length, d). mask: (n, length), 1 where a token stands.
    Returns: (n, d).
    """
    weights = mask.unsqueeze(-1).to(hidden.dtype)  # (n, length, 1)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1)


def mask_until(ids: torch.Tensor, mask: torch.Tensor, token: int) -> torch.Tensor:
    """The mask of what stands before a token: of a text, without the context that follows it.

    Args:    ids, mask: (n, length) int64.
    Returns: (n, length) int64, 1 where a token is pooled.
    """
    return mask * ((ids == token).long().cumsum(dim=1) == 0).long()


def load_heads(artifact: Artifact) -> dict[str, torch.Tensor]:
    """What was learned on top of the transformer, by name; empty where nothing was.

    Each head has a `weight`, (outputs, d) float32, and a `bias`, (outputs,).

    Raises: ArtifactCorrupt: the file cannot be read.
    """
    if HEADS_FILE not in artifact.manifest.files:
        return {}
    try:
        return load_file(artifact.file(HEADS_FILE))
    except (OSError, SafetensorError) as error:
        raise ArtifactCorrupt(
            f"The heads in {artifact.path} cannot be loaded: {error}. {MAKE_ANEW}"
        ) from error


def load_transformer(artifact: Artifact) -> Any:
    """The transformer in fp32, on the CPU.

    Raises: ArtifactMissing: the artifact has no weights.
            ArtifactCorrupt: they cannot be loaded.
    """
    if LEARNED_FILE in artifact.manifest.files:
        raise ArtifactMissing(
            f"What {artifact.path} learned stands in its graph alone, and not in weights that "
            "torch could load: serve it with engine `onnx`, or train it with --method lora."
        )
    artifact.file("config.json"), artifact.file("model.safetensors")
    try:
        return load_transformer_of(artifact.path)
    except (OSError, ValueError, RuntimeError) as error:
        raise ArtifactCorrupt(
            f"The weights in {artifact.path} cannot be loaded: {error}. {MAKE_ANEW}"
        ) from error
