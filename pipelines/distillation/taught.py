"""How a classifier learns from labels and from what its teachers say, at once."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import torch

from pipelines.classification.contrasting import order_in_pairs, with_contrast
from pipelines.classification.heads import label_weights
from pipelines.classification.model import TextClassifier
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.sharing import encoders_of, sharing_penalty
from pipelines.classification.train import Disturb, contrast_of
from pipelines.distillation.layers import LayeredStudent
from pipelines.distillation.losses import layers_loss
from pipelines.distillation.settings import Distillation
from pipelines.distillation.taught_examples import TaughtExamples
from pipelines.distillation.taught_losses import heard_loss, taught_loss
from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import schedule_of
from pipelines.tuning.methods import choose_trainable_layers, merged
from textwire.errors import SettingsError


def tune_as_taught(
    model: TextClassifier,
    taught: TaughtExamples,
    settings: ClassificationSettings,
    distillation: Distillation,
    stage: Stage,
    disturb: Disturb | None = None,
    run: TrainingRun = UNKEPT,
) -> list[float]:
    """Let the layers learn with the heads; the mean loss of epochs.

    loss = lambda * KD + (1 - lambda) * cross-entropy, the latter over what is labelled. KD is that
    of logits, and where there are states that of layers beside it.

    Args:   disturb: gives another wording of a text; what was said of the text holds for it.
            run: where checkpoints are kept.
    Raises: SettingsError: layers are to be held near the teacher's, and there are two encoders, or
            some of them are to be taken out.
    """
    if taught.states is not None:
        _require_one_whole_encoder(settings)
    learning = _Learning(model, taught, settings, distillation, stage, disturb)
    return fit_and_prune(
        model, model.text, settings, learning.fit, learning.draw_epoch, learning.loss, run
    )


class _Learning:
    """A student that learns from what is taught: its epochs and its loss."""

    def __init__(
        self,
        model: TextClassifier,
        taught: TaughtExamples,
        settings: ClassificationSettings,
        distillation: Distillation,
        stage: Stage,
        disturb: Disturb | None,
    ) -> None:
        self._model, self._taught, self._settings = model, taught, settings
        self._distillation, self._stage, self._disturb = distillation, stage, disturb
        self._rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
        labelled = taught.examples.part(np.flatnonzero(taught.labelled))
        self._weights = label_weights(model, labelled, settings)
        self._contrast = 0.0 if taught.states is not None else contrast_of(model, settings)

    def fit(self, recipe: ClassificationSettings, run: TrainingRun) -> list[float]:
        """Learn by a recipe; the mean loss of each epoch."""
        model, states = self._model, self._taught.states
        for encoder in encoders_of(model.text):
            choose_trainable_layers(encoder, recipe.method, recipe.frozen_layers)
        schedule = schedule_of(recipe)
        if states is None:
            losses = fine_tune(model, self.draw_epoch, self.loss, schedule, self._stage, run=run)
        else:
            student = LayeredStudent(model, states.shape[-1])
            losses = fine_tune(
                student, self.draw_epoch, self._layered_loss, schedule, self._stage, run=run
            )
        for encoder in encoders_of(model.text):
            merged(encoder)
        return losses

    def draw_epoch(self) -> list[TaughtExamples]:
        """The batches of the next epoch."""
        taught, size = self._taught, self._settings.batch_texts
        drawn = taught.drawn(self._settings.rehearsed, self._rng)
        order = (
            [drawn[place] for place in order_in_pairs(taught.examples.labels[drawn], self._rng)]
            if self._contrast
            else self._rng.sample(drawn, len(drawn))
        )
        batches = [taught.part(order[at : at + size]) for at in range(0, len(order), size)]
        return [_disturbed(batch, self._disturb, self._rng) for batch in batches]

    def loss(self, tuned: TextClassifier, batch: TaughtExamples) -> torch.Tensor:
        """Of a batch, a scalar, ()."""
        settings = self._settings
        pooled = tuned.text.pool(batch.examples.texts, settings.train_tokens)
        said = heard_loss(
            tuned.heads(pooled), batch, self._weights, settings.topic_weight, self._distillation
        )
        known = np.flatnonzero(batch.labelled)
        said = with_contrast(said, pooled[known], batch.examples.labels[known], self._contrast)
        return said + sharing_penalty(tuned.text, settings.soft_sharing)

    def _layered_loss(self, tuned: LayeredStudent, batch: TaughtExamples) -> torch.Tensor:
        assert batch.states is not None  # noqa: S101 - as what is taught has them
        settings, distillation = self._settings, self._distillation
        logits, states = tuned.read(batch.examples.texts, settings.train_tokens)
        near = layers_loss(states, torch.from_numpy(batch.states).to(states.device))
        said = taught_loss(logits, batch, self._weights, settings.topic_weight, distillation)
        return said + distillation.kd_weight * near


def _require_one_whole_encoder(settings: ClassificationSettings) -> None:
    """Pass, or refuse before anything learns.

    Raises: SettingsError: there are two encoders, or layers are to be taken out.
    """
    if settings.soft_sharing:
        raise SettingsError(
            "--kd-layers holds the layers of one encoder near the teacher's, and soft_sharing asks "
            "for two: leave out one of both."
        )
    if settings.prune_layers:
        raise SettingsError(
            "--kd-layers holds each layer near one of the teacher's, and prune_layers would take "
            "some of them out: leave out one of both. --layers chooses how many there are."
        )


def _disturbed(
    batch: TaughtExamples, disturb: Disturb | None, rng: random.Random
) -> TaughtExamples:
    if disturb is None:
        return batch
    texts = [disturb(text, rng) for text in batch.examples.texts]
    return replace(batch, examples=replace(batch.examples, texts=texts))
