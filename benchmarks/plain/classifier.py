"""A champion's classifier in transformers: mean pooling and two linear heads, fp32."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoTokenizer

from benchmarks.setting import champion
from textwire.models.engines.encoder import Vectors

BATCH_TEXTS = 8


class PlainClassifier:
    """Label and topic probabilities of texts."""

    def __init__(self, task: str) -> None:
        """Load the champion of a task."""
        artifact = champion(task)
        self.labels, self.topics = artifact.manifest.labels, artifact.manifest.topics
        self._most_tokens = artifact.manifest.max_tokens
        self._tokenizer = AutoTokenizer.from_pretrained(artifact.path, local_files_only=True)
        self._model = AutoModel.from_pretrained(artifact.path, local_files_only=True).eval()
        heads = load_file(artifact.path / "heads.safetensors")
        self._heads = [(heads[f"{h}.weight"], heads[f"{h}.bias"]) for h in ("labels", "topics")]

    @torch.inference_mode()
    def classify(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """(n, labels) and (n, topics)."""
        pooled = torch.cat(list(self._pooled(texts)))
        labels, topics = (pooled @ weight.T + bias for weight, bias in self._heads)
        return np.asarray(labels.softmax(1)), np.asarray(topics.sigmoid())

    def _pooled(self, texts: Sequence[str]) -> Iterator[torch.Tensor]:
        for start in range(0, len(texts), BATCH_TEXTS):
            inputs = self._tokenizer(
                list(texts[start : start + BATCH_TEXTS]),
                padding=True,
                truncation=True,
                max_length=self._most_tokens,
                return_tensors="pt",
            )
            hidden = self._model(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1).float()
            yield (hidden * mask).sum(1) / mask.sum(1)
