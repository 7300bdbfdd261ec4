"""What stands in a model's layers, for a student to come near it there too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from pipelines.classification.model import TextClassifier
from pipelines.distillation.classifier_teacher import Heads, loaded_teacher
from pipelines.distillation.depth import evenly_chosen
from pipelines.distillation.soft_labels import TEXTS_AT_ONCE, SoftLabelCache
from pipelines.distillation.teachers import hash_weights
from pipelines.running.progress import Progress
from pipelines.training.text_model import TRAIN_BATCH_TOKENS, TextModel, lent_to_gpu
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.torch import mask_until, mean_over_tokens


class LayeredStudent(torch.nn.Module):
    """A student whose layers are widened to its teacher's, by one matrix that is thrown away."""

    def __init__(self, classifier: TextClassifier, teacher_width: int) -> None:
        super().__init__()
        self.classifier = classifier
        with torch.random.fork_rng():
            torch.manual_seed(0)
            self.widen = torch.nn.Linear(classifier.dimension, teacher_width, bias=False)
        if teacher_width == classifier.dimension:
            torch.nn.init.eye_(self.widen.weight)

    def read(
        self, texts: Sequence[str], max_tokens: int
    ) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
        """Logits by head, (n, labels) and (n, topics); states, (n, layers, teacher's width)."""
        states = pooled_states(self.classifier.text, texts, max_tokens)
        return self.classifier.heads(states[:, -1]), self.widen(states)


def pooled_states(
    text: TextModel, texts: Sequence[str], max_tokens: int, layers: int | None = None
) -> torch.Tensor:
    """Means over tokens after each layer, (n, layers, dimension) float32, with gradients.

    Args: layers: so many, evenly chosen; None: all of them.
    """
    rows = [row[:max_tokens] for row in text.reader.read(texts)]
    batches = list(token_batches([len(row) for row in rows], TRAIN_BATCH_TOKENS))
    states = torch.cat([_states(text, [rows[at] for at in batch], layers) for batch in batches])
    order = torch.tensor([place for batch in batches for place in batch])
    return states[torch.argsort(order)]


def ask_layers(
    folder: Path,
    heads: Heads,
    max_tokens: int,
    layers: int,
    texts: Sequence[str],
    cache: Path,
    progress: Progress,
) -> Vectors:
    """A teacher's states, (n, layers, width) float32; what it read before is not read again."""
    with (
        progress.stage("Asking the teacher's layers") as stage,
        loaded_teacher(folder, heads, max_tokens) as teacher,
    ):

        @torch.inference_mode()
        def read(new: Sequence[str]) -> Vectors:
            teacher.eval()
            with lent_to_gpu(teacher, len(new)):
                states: Vectors = pooled_states(teacher.text, new, max_tokens, layers).cpu().numpy()
            return states.reshape(len(new), -1)

        name = f"{hash_weights(folder)}-{layers}-layers"
        known = SoftLabelCache(cache, name, layers * teacher.dimension)
        stage.expect(-(-len(texts) // TEXTS_AT_ONCE))
        rows = known.rows_of(texts, read, stage.advance)
        return rows.reshape(len(texts), layers, teacher.dimension)


def depth_of(text: TextModel) -> int:
    """How many layers a model has."""
    return int(text.transformer.config.num_hidden_layers)


def _states(text: TextModel, rows: Sequence[Sequence[int]], layers: int | None) -> Any:
    ids, mask = (torch.from_numpy(part).to(text.device) for part in text.reader.pad(rows))
    found = text.transformer(input_ids=ids, attention_mask=mask, output_hidden_states=True)
    after = found.hidden_states[1:]  # without the embeddings
    if text.pooled_until is not None:
        mask = mask_until(ids, mask, text.pooled_until)
    chosen = evenly_chosen(len(after), layers or len(after))
    return torch.stack([mean_over_tokens(after[at].float(), mask) for at in chosen], dim=1)
