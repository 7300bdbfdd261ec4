"""How an encoder learns together with the heads over it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import torch

from pipelines.classification.contrasting import PAIR_TEMPERATURE, order_in_pairs, with_contrast
from pipelines.classification.examples import Examples
from pipelines.classification.heads import fit_heads, label_weights
from pipelines.classification.mixing import mixed_loss
from pipelines.classification.model import TextClassifier, loss_of
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.sharing import encoders_of, sharing_penalty
from pipelines.losses.contrastive import supervised_contrastive
from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import hold_back, schedule_of
from pipelines.tuning.methods import choose_trainable_layers, merged


class Watcher(Protocol):
    """Somebody who looks at the model after each epoch."""

    def look(self, model: TextClassifier) -> None:
        """Keep the weights if they are the best so far."""
        ...

    def restore(self, model: TextClassifier) -> None:
        """Put the best ones back."""
        ...


Disturb = Callable[[str, random.Random], str]


def tune(
    model: TextClassifier,
    examples: Examples,
    settings: ClassificationSettings,
    stage: Stage,
    watcher: Watcher | None = None,
    disturb: Disturb | None = None,
    run: TrainingRun = UNKEPT,
) -> list[float]:
    """Let the layers learn with the heads, by the method of the settings; the mean loss of epochs.

    With methods `head` and `zero-shot` nothing else learns, and `set_heads` has done that. With
    `few-shot` texts of one label learn to be near each other, and heads are solved for after that:
    Tunstall et al. 2022, arXiv:2209.11055, over all pairs of a batch.

    Args: watcher: looks before the first epoch and after each; the model ends as its best was.
          It cannot watch one that is pruned.
          disturb: gives another wording of a text, drawn anew in each epoch.
          run: where checkpoints are kept.
    """
    learning = _Learning(model, examples, settings, stage, watcher, disturb)
    losses = fit_and_prune(
        model, model.text, settings, learning.fit, learning.draw_epoch, learning.loss, run
    )
    if settings.method == "few-shot":
        model.text.forget_pooled()
        pooled = model.text.pool_once(examples.texts, settings.train_tokens)
        fit_heads(model, pooled, examples, settings)
    return losses


class _Learning:
    """A model that learns from examples: its epochs, its loss, and what judges it."""

    def __init__(
        self,
        model: TextClassifier,
        examples: Examples,
        settings: ClassificationSettings,
        stage: Stage,
        watcher: Watcher | None,
        disturb: Disturb | None,
    ) -> None:
        self._model, self._settings = model, settings
        self._stage, self._watcher, self._disturb = stage, watcher, disturb
        self._rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
        self._weights = label_weights(model, examples, settings)
        self._contrast = contrast_of(model, settings)
        places, judged = hold_back(range(len(examples)), settings)
        self._learned, self._held = examples.part(places), examples.part(judged)

    def fit(self, recipe: ClassificationSettings, run: TrainingRun) -> list[float]:
        """Learn by a recipe; the mean loss of each epoch."""
        for encoder in encoders_of(self._model.text):
            choose_trainable_layers(encoder, recipe.method, recipe.frozen_layers)
        self._look()
        losses = fine_tune(
            self._model,
            self.draw_epoch,
            self.loss,
            schedule_of(recipe),
            self._stage,
            self._look,
            run,
            self._judge,
        )
        if self._watcher:
            self._watcher.restore(self._model)
        for encoder in encoders_of(self._model.text):
            merged(encoder)
        return losses

    def draw_epoch(self) -> list[Examples]:
        """The batches of the next epoch."""
        drawn = _disturbed(self._learned, self._disturb, self._rng)
        size = self._settings.batch_texts
        if self._contrast:
            return in_batches(drawn, order_in_pairs(drawn.labels, self._rng), size)
        return draw_batches(drawn, size, self._rng)

    def loss(self, tuned: TextClassifier, batch: Examples) -> torch.Tensor:
        """Of a batch, a scalar, ()."""
        settings = self._settings
        if settings.method == "few-shot":
            vectors = tuned.text.embed(batch.texts, settings.train_tokens)
            labels = torch.from_numpy(batch.labels)
            return supervised_contrastive(vectors.float(), labels, PAIR_TEMPERATURE)
        pooled = tuned.text.pool(batch.texts, settings.train_tokens)
        apart = sharing_penalty(tuned.text, settings.soft_sharing)
        told = (
            mixed_loss(tuned, pooled, batch, self._weights, settings.topic_weight, settings.mixup)
            if settings.mixup
            else loss_of(tuned.heads(pooled), batch, self._weights, settings.topic_weight)
        )
        return with_contrast(told, pooled, batch.labels, self._contrast) + apart

    def _judge(self) -> float:
        logits = [torch.from_numpy(columns) for columns in self._model.logits(self._held.texts)]
        heads = logits[: 1 + (self._model.topics is not None)]
        return -float(loss_of(heads, self._held, self._weights, self._settings.topic_weight))

    def _look(self) -> None:
        if self._watcher:
            self._watcher.look(self._model)


def contrast_of(model: TextClassifier, settings: ClassificationSettings) -> float:
    """The contrastive part of the loss: that of labels, of which topics have none."""
    return settings.contrastive if model.labels.out_features else 0.0


def _disturbed(examples: Examples, disturb: Disturb | None, rng: random.Random) -> Examples:
    if disturb is None:
        return examples
    return replace(examples, texts=[disturb(text, rng) for text in examples.texts])


def draw_batches(examples: Examples, size: int, rng: random.Random) -> list[Examples]:
    """All examples once, in random order."""
    order = rng.sample(range(len(examples)), len(examples))
    return in_batches(examples, order, size)


def in_batches(examples: Examples, order: Sequence[int], size: int) -> list[Examples]:
    """Examples in an order, so many at once."""
    return [examples.part(order[at : at + size]) for at in range(0, len(order), size)]
