"""What is trained: a text model, by questions that must find their passages."""

from __future__ import annotations

import torch

from pipelines.fine_tuning import info_nce
from pipelines.methods import Objective
from pipelines.pair_batches import PairBatch
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.text_model import TextModel

OBJECTIVE = Objective(
    loss="InfoNCE, in-batch negatives among neighbours, mean pooling",
    methods={
        "full": "contrastive fine-tuning of all layers",
        "lora": "contrastive fine-tuning of LoRA's adapters on every linear layer",
        "head": "contrastive learning of a matrix over the frozen model's vectors",
    },
)


def loss_of(
    model: TextModel, batch: PairBatch, settings: SupportQaTrainingSettings
) -> torch.Tensor:
    """Each question of a batch must find its passage among all of the batch; see `info_nce`."""
    return info_nce(model, batch, settings.temperature, settings.train_tokens)
