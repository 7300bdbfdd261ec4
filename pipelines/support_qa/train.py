"""How the text model learns which passage answers a question."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import torch

from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Stage
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.model import loss_of
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import (
    Pair,
    PairBatch,
    draw_batches,
    draw_neighbourhoods,
    draw_rounds,
    with_contrasts,
)
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import hold_back, schedule_of
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable, merged
from textwire.models.engines.encoder import Encoder


def tune(
    model: TextModel,
    data: SupportData,
    untrained: Encoder,
    settings: SupportQaTrainingSettings,
    stage: Stage,
    run: TrainingRun = UNKEPT,
    loss: Callable[[TextModel, PairBatch], torch.Tensor] | None = None,
) -> list[float]:
    """Pull questions to their passages, away from those that the untrained model finds alike.

    And away from those that answered them wrongly, where the data know of any.

    Args:    loss: of a batch; None: `loss_of`.
    Returns: the mean loss of each epoch.
    """
    pairs, judged = hold_back(data.pairs(), settings)
    together = data.kept_together()
    contrasting = [text for texts in together for text in texts]
    passages = list(dict.fromkeys([*(pair.passage for pair in pairs), *contrasting]))
    vectors = untrained.encode(passages)  # (n, d)
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def neighbourhoods() -> list[list[str]]:
        near = draw_neighbourhoods(passages, vectors, settings.neighbours, rng)
        return with_contrasts(near, together)

    def draw_epoch() -> list[PairBatch]:
        return [
            batch
            for part in draw_rounds(pairs, settings.questions_per_passage, rng)
            for batch in draw_batches(part, neighbourhoods(), settings.passages_per_batch, rng)
        ]

    learned_by = loss or (lambda tuned, batch: loss_of(tuned, batch, settings))

    def fit(recipe: SupportQaTrainingSettings, run: TrainingRun) -> list[float]:
        choose_trainable(model, recipe.method, recipe.frozen_layers)
        losses = fine_tune(
            model,
            draw_epoch,
            learned_by,
            schedule_of(recipe),
            stage,
            run=run,
            judge=lambda: _mean_reciprocal_rank(model, passages, judged),
        )
        merged(model)
        return losses

    return fit_and_prune(model, model, settings, fit, draw_epoch, learned_by, run)


def _mean_reciprocal_rank(
    model: TextModel, passages: Sequence[str], judged: Sequence[Pair]
) -> float:
    places = {passage: place for place, passage in enumerate(passages)}
    known = [pair for pair in judged if pair.passage in places]
    right = np.array([places[pair.passage] for pair in known], dtype=np.int64)
    cosines = model.encode([pair.question for pair in known]) @ model.encode(passages).T
    of_right = cosines[np.arange(len(known)), right]
    return float((1 / (cosines >= of_right[:, None]).sum(axis=1)).mean()) if known else 0.0
