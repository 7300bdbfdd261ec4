"""How the text model learns which passage answers a question."""

from __future__ import annotations

import random
from collections.abc import Callable

import torch

from pipelines.fine_tuning import Schedule, fine_tune
from pipelines.methods import choose_trainable, learning_rate, merged
from pipelines.pair_batches import PairBatch, draw_batches, draw_neighbourhoods
from pipelines.progress import Stage
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.model import loss_of
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.text_model import TextModel
from textwire.models.encoder import Encoder


def tune(
    model: TextModel,
    data: SupportData,
    untrained: Encoder,
    settings: SupportQaTrainingSettings,
    stage: Stage,
    loss: Callable[[TextModel, PairBatch], torch.Tensor] | None = None,
) -> list[float]:
    """Pull questions to their passages, away from those that the untrained model finds alike.

    Args:    loss: of a batch; None: `loss_of`.
    Returns: the mean loss of each epoch.
    """
    pairs = data.pairs()
    passages = list(dict.fromkeys(pair.passage for pair in pairs))
    vectors = untrained.encode(passages)  # (n, d)
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def draw_epoch() -> list[PairBatch]:
        near = draw_neighbourhoods(passages, vectors, settings.neighbours, rng)
        return draw_batches(pairs, near, settings.passages_per_batch, rng)

    choose_trainable(model, settings.method)
    rate = learning_rate(settings.method, settings.learning_rate)
    losses = fine_tune(
        model,
        draw_epoch,
        loss or (lambda tuned, batch: loss_of(tuned, batch, settings)),
        Schedule(settings.epochs, rate, seed=settings.seed),
        stage,
    )
    merged(model)
    return losses
