"""What is trained: one encoder with two heads, the label of a text and its topics."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from pipelines.artifacts.export import export_graph
from pipelines.classification.examples import Examples
from pipelines.training.text_model import TextModel, lent_to_gpu, use_all_cores
from pipelines.tuning.methods import PARTS, WITHOUT_TUNING, Objective
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx_classifier import LABELS_OUTPUT, TOPICS_OUTPUT
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.torch import HEADS_FILE
from textwire.models.engines.torch_neighbours import NeighboursVote

ALONE = {*WITHOUT_TUNING, "few-shot"}
OBJECTIVE = Objective(
    loss="cross-entropy, and that of each topic; mean pooling",
    methods={
        method: part if method in ALONE else f"heads on the frozen model, then {part} with them"
        for method, part in PARTS.items()
    },
)


class TextClassifier(torch.nn.Module):
    """Linear heads over the mean of a text's tokens."""

    def __init__(self, text: TextModel, labels: int, topics: int) -> None:
        """Put heads on a text model; one of the two may be of 0, and then there is one head."""
        super().__init__()
        self.text = text
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Initializing zero-element tensors")
            self.labels = torch.nn.Linear(text.dimension, labels)
        self.topics = torch.nn.Linear(text.dimension, topics) if topics else None
        self.neighbours: NeighboursVote | None = None  # of a model of one head, once it has learned

    @property
    def dimension(self) -> int:
        """The width of the vectors that the heads stand on."""
        return self.text.dimension

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """(n, length) int64 token ids and mask to (n, labels) and (n, topics) float32 logits.

        What there is none of is left out: a graph gives no matrix without columns.
        """
        pooled = self.text.pooled(ids, mask)
        logits = self.heads(pooled)
        logits = logits if self.labels.out_features else logits[1:]
        return (self.neighbours(pooled, *logits),) if self.neighbours else logits

    def heads(self, pooled: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Logits of labels, (n, labels), and of topics if there are any, (n, topics).

        Args: pooled: (n, dimension) float32, means over tokens.
        """
        return (self.labels(pooled), *([self.topics(pooled)] if self.topics else []))

    def taken_for(self, texts: Sequence[str]) -> list[object]:
        """What each of n texts is told as: its likeliest label, and its topics."""
        labels, topics = self.logits(texts)
        likeliest = labels.argmax(1) if labels.shape[1] else np.zeros(len(texts), dtype=np.int64)
        return list(zip(likeliest.tolist(), map(tuple, (topics > 0).tolist()), strict=True))

    @torch.inference_mode()
    def logits(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """(n, labels) and (n, topics) float32, each text read as far as it is when it serves."""
        self.eval()
        use_all_cores()
        rows = self.text.reader.read(texts)
        topics = self.topics.out_features if self.topics else 0
        found = (
            np.empty((len(rows), self.labels.out_features), dtype=np.float32),
            np.empty((len(rows), topics), dtype=np.float32),
        )
        heads = found if self.labels.out_features else found[1:]
        with lent_to_gpu(self, len(rows)):
            for batch in token_batches([len(row) for row in rows]):
                ids, mask = self.text.reader.pad([rows[index] for index in batch])
                device = self.text.device
                outputs = self(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
                for columns, output in zip(heads, outputs, strict=False):
                    columns[batch] = output.cpu().numpy()
        return found

    def save(self, folder: Path) -> None:
        """Write `config.json`, weights, heads, and the neighbours that have a vote."""
        self.text.save(folder)
        if self.neighbours:
            self.neighbours.save(folder)
        heads = {"labels": self.labels if self.labels.out_features else None, "topics": self.topics}
        weights = {
            f"{name}.{part}": weight.detach()
            for name, head in heads.items()
            if head is not None
            for part, weight in head.named_parameters()
        }
        save_file(weights, folder / HEADS_FILE)

    def export(self, file: Path) -> None:
        """Write the ONNX graph, pooling and heads inside."""
        labels = [LABELS_OUTPUT] if self.labels.out_features else []
        outputs = [*labels, *([TOPICS_OUTPUT] if self.topics else [])]
        export_graph(self, self.text.reader, outputs, file)


def loss_of(
    logits: Sequence[torch.Tensor], examples: Examples, weights: torch.Tensor, topic_weight: float
) -> torch.Tensor:
    """Cross-entropy of the labels, weighted by class, and that of each topic where it is known.

    Args: logits: (n, labels) float, and (n, topics) where there are topics. weights: (labels,).
          Where there are no labels, topics are all that is learned.
    """
    device = logits[0].device
    labels = torch.from_numpy(examples.labels).to(device)
    loss = (
        torch.nn.functional.cross_entropy(logits[0].float(), labels, weights.to(device))
        if logits[0].shape[1]
        else torch.zeros((), device=device)
    )
    known = torch.from_numpy(examples.has_topics).to(device)
    if len(logits) == 1 or not known.any():
        return loss
    topics = torch.from_numpy(examples.topics).to(device)[known].float()
    apart = torch.nn.functional.binary_cross_entropy_with_logits(
        logits[1].float()[known], topics, reduction="none"
    )
    return loss + topic_weight * apart.sum(dim=1).mean()


def class_weights(labels: NDArray[np.int64], classes: int) -> torch.Tensor:
    """Rare labels weigh more: n / (labels that occur * occurrences); 0 for one that does not.

    Args:    labels: (n,) int64, columns.
    Returns: (classes,) float32.
    """
    counts = np.bincount(labels, minlength=classes)
    occurring = np.maximum(counts, 1) * (counts > 0).sum()
    return torch.tensor(np.where(counts > 0, len(labels) / occurring, 0.0), dtype=torch.float32)
