"""What is trained: a text model, by questions that must find their passages."""

from __future__ import annotations

import torch

from pipelines.losses.contrastive import info_nce, triplet
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import PARTS, Objective

OBJECTIVES = {
    loss: Objective(
        loss=f"{words}, mean pooling",
        methods={method: f"contrastive fine-tuning of {part}" for method, part in PARTS.items()},
    )
    for loss, words in {
        "infonce": "InfoNCE, in-batch negatives among neighbours",
        "triplet": "triplets with the hardest of a batch of neighbours",
    }.items()
}


def loss_of(
    model: TextModel, batch: PairBatch, settings: SupportQaTrainingSettings
) -> torch.Tensor:
    """Each question of a batch must find its passage among all of the batch, by either loss."""
    if settings.loss == "triplet":
        return triplet(model, batch, settings.triplet_margin, settings.train_tokens)
    return info_nce(model, batch, settings.temperature, settings.train_tokens)
