"""One encoder with two heads: the label of a text, and its topics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from pipelines.export import export_graph
from pipelines.text_model import TextModel, use_all_cores
from textwire.models.encoder import Vectors
from textwire.models.onnx_classifier import LABELS_OUTPUT, TOPICS_OUTPUT
from textwire.models.token_batches import token_batches
from textwire.models.torch import HEADS_FILE


class SentimentModel(torch.nn.Module):
    """Linear heads over the mean of a text's tokens."""

    def __init__(self, text: TextModel, labels: int, topics: int) -> None:
        """Put heads on a text model; `topics` may be 0, and then there is one head."""
        super().__init__()
        self.text = text
        self.labels = torch.nn.Linear(text.dimension, labels)
        self.topics = torch.nn.Linear(text.dimension, topics) if topics else None

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """(n, length) token ids and mask to (n, labels) and (n, topics) logits."""
        return self.heads(self.text.pooled(ids, mask))

    def heads(self, pooled: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """(n, dimension) means over tokens to logits: of labels, and of topics if there are any."""
        return (self.labels(pooled), *([self.topics(pooled)] if self.topics else []))

    @torch.inference_mode()
    def logits(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """(n, labels) and (n, topics), each text read as far as it is when it serves."""
        self.eval()
        use_all_cores()
        rows = self.text.reader.read(texts)
        topics = self.topics.out_features if self.topics else 0
        found = (
            np.empty((len(rows), self.labels.out_features), dtype=np.float32),
            np.empty((len(rows), topics), dtype=np.float32),
        )
        for batch in token_batches([len(row) for row in rows]):
            ids, mask = self.text.reader.pad([rows[index] for index in batch])
            outputs = self(torch.from_numpy(ids), torch.from_numpy(mask))
            for columns, output in zip(found, outputs, strict=False):
                columns[batch] = output.numpy()
        return found

    def save(self, folder: Path) -> None:
        """Write `config.json`, `model.safetensors` and `heads.safetensors`."""
        self.text.save(folder)
        heads = {"labels": self.labels, "topics": self.topics}
        weights = {
            f"{name}.{part}": weight.detach()
            for name, head in heads.items()
            if head is not None
            for part, weight in head.named_parameters()
        }
        save_file(weights, folder / HEADS_FILE)

    def export(self, file: Path) -> None:
        """Write the ONNX graph, pooling and heads inside."""
        outputs = [LABELS_OUTPUT, *([TOPICS_OUTPUT] if self.topics else [])]
        export_graph(self, self.text.reader, outputs, file)
