"""How the model learns which of the retriever's passages answers a question."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch

from pipelines.classification.model import TextClassifier
from pipelines.pruning.prune import fit_and_prune
from pipelines.reranker.data import Ranking, ShownList, shown
from pipelines.reranker.model import log_odds, loss_of
from pipelines.reranker.settings import RerankerSettings
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import hold_back, schedule_of
from pipelines.tuning.methods import choose_trainable_layers, merged
from textwire.support_qa.reranking import pair_text


def tune(
    model: TextClassifier,
    rankings: Sequence[Ranking],
    settings: RerankerSettings,
    stage: Stage,
    run: TrainingRun = UNKEPT,
) -> list[float]:
    """Let the layers learn with the head, by the settings' method; the mean loss of each epoch."""
    told_apart = [ranking for ranking in rankings if ranking.wrongs]
    learned, judged = hold_back(told_apart, settings)
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def draw_epoch() -> list[list[ShownList]]:
        order = rng.sample(learned, len(learned))
        lists = [shown(one, settings.wrongs, settings.withheld, rng) for one in order]
        return _batches([one for one in lists if one], settings.lists_per_batch)

    def loss(tuned: TextClassifier, batch: Sequence[ShownList]) -> torch.Tensor:
        return loss_of(tuned, batch, settings)

    def fit(recipe: RerankerSettings, run: TrainingRun) -> list[float]:
        choose_trainable_layers(model.text, recipe.method, recipe.frozen_layers)
        losses = fine_tune(
            model,
            draw_epoch,
            loss,
            schedule_of(recipe),
            stage,
            run=run,
            judge=lambda: _mean_reciprocal_rank(model, judged, settings),
        )
        merged(model.text)
        return losses

    return fit_and_prune(model, model.text, settings, fit, draw_epoch, loss, run)


def _batches(lists: Sequence[ShownList], size: int) -> list[list[ShownList]]:
    return [list(lists[at : at + size]) for at in range(0, len(lists), size)]


@torch.inference_mode()
def _mean_reciprocal_rank(
    model: TextClassifier, judged: Sequence[Ranking], settings: RerankerSettings
) -> float:
    """Of the right text among all wrong ones that were found."""
    model.eval()
    reciprocals = []
    for one in judged:
        if one.right:
            texts = [pair_text(one.question, text) for text in (one.right[0], *one.wrongs)]
            odds = log_odds(model, texts, settings.train_tokens)
            reciprocals.append(1 / float((odds >= odds[0]).sum()))
    model.train()
    return sum(reciprocals) / max(1, len(reciprocals))
