"""What is trained: a text model, by questions that must find their passages."""

from __future__ import annotations

import torch

from pipelines.losses.contrastive import info_nce
from pipelines.methods import PARTS, Objective
from pipelines.pair_batches import PairBatch
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.text_model import TextModel

OBJECTIVE = Objective(
    loss="InfoNCE, in-batch negatives among neighbours, mean pooling",
    methods={method: f"contrastive fine-tuning of {part}" for method, part in PARTS.items()},
)


def loss_of(
    model: TextModel, batch: PairBatch, settings: SupportQaTrainingSettings
) -> torch.Tensor:
    """Each question of a batch must find its passage among all of the batch; see `info_nce`."""
    return info_nce(model, batch, settings.temperature, settings.train_tokens)
