"""How a classifier learns from labels and from what its teachers say, at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.classification.contrasting import order_in_pairs, with_contrast
from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier, loss_of
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.sharing import encoders_of, sharing_penalty
from pipelines.classification.train import Disturb, contrast_of, label_weights
from pipelines.distillation.layers import LayeredStudent
from pipelines.distillation.losses import blended, layers_loss, soft_labels_loss, soft_topics_loss
from pipelines.distillation.settings import Distillation
from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import schedule_of
from pipelines.tuning.methods import choose_trainable_layers, merged
from textwire.errors import SettingsError
from textwire.models.engines.encoder import Vectors


@dataclass(frozen=True)
class TaughtExamples:
    """n texts: the first ones labelled, the others by their teachers alone.

    examples  of all of them; what it says of those that are not labelled counts nothing.
    labelled  (n,) bool.
    whole     (n,) bool, whether topics can be told of a text.
    soft      (n, labels + topics) float32, the teachers' logits.
    states    (n, layers, width) float32, of its layers; None where only what is said counts.
    heard     (n,) bool, whether what is said counts; None: of all of them.
    known     (n,) bool, whether the teacher has learned a text: of these a part is rehearsed in
              each epoch. None: all are learned in each.
    """

    examples: Examples
    labelled: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    soft: Vectors
    states: Vectors | None = None
    heard: NDArray[np.bool_] | None = None
    known: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.labelled)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> TaughtExamples:
        """Some of them."""
        chosen = np.asarray(places)
        return TaughtExamples(
            self.examples.part(chosen),
            self.labelled[chosen],
            self.whole[chosen],
            self.soft[chosen],
            None if self.states is None else self.states[chosen],
            None if self.heard is None else self.heard[chosen],
            None if self.known is None else self.known[chosen],
        )

    def drawn(self, rehearsed: float, rng: random.Random) -> Sequence[int]:
        """Places of the texts of an epoch: all that are new, and that part of the known ones."""
        if self.known is None or not self.known.any():
            return range(len(self))
        known = np.flatnonzero(self.known).tolist()
        return [
            *np.flatnonzero(~self.known).tolist(),
            *rng.sample(known, round(rehearsed * len(known))),
        ]


def beside_unlabelled(
    examples: Examples, texts: Sequence[str], soft: Vectors, states: Vectors | None = None
) -> TaughtExamples:
    """Examples, followed by texts that are nobody's.

    Args: soft: (examples + texts, labels + topics) float32, what the teachers say of all.
          states: (examples + texts, layers, width) float32, of one teacher's layers.
    """
    more, topics = len(texts), examples.topics.shape[1]
    both = Examples(
        [*examples.texts, *texts],
        np.concatenate([examples.labels, np.zeros(more, dtype=np.int64)]),
        np.concatenate([examples.topics, np.zeros((more, topics), dtype=np.bool_)]),
        np.concatenate([examples.has_topics, np.zeros(more, dtype=np.bool_)]),
    )
    labelled = np.arange(len(both)) < len(examples)
    return TaughtExamples(both, labelled, both.has_topics | ~labelled, soft, states)


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

    Args: disturb: gives another wording of a text; what was said of the text holds for it.
          run: where checkpoints are kept.
    """
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
    weights = label_weights(model, taught.examples.part(np.flatnonzero(taught.labelled)), settings)
    contrast = 0.0 if taught.states is not None else contrast_of(model, settings)

    def draw_epoch() -> list[TaughtExamples]:
        drawn = taught.drawn(settings.rehearsed, rng)
        order = (
            [drawn[place] for place in order_in_pairs(taught.examples.labels[drawn], rng)]
            if contrast
            else rng.sample(drawn, len(drawn))
        )
        size = settings.batch_texts
        batches = [taught.part(order[at : at + size]) for at in range(0, len(order), size)]
        return [_disturbed(batch, disturb, rng) for batch in batches]

    def loss(tuned: TextClassifier, batch: TaughtExamples) -> torch.Tensor:
        pooled = tuned.text.pool(batch.examples.texts, settings.train_tokens)
        logits = tuned.heads(pooled)
        said = heard_loss(logits, batch, weights, settings.topic_weight, distillation)
        said = contrasted(said, pooled, batch)
        return said + sharing_penalty(tuned.text, settings.soft_sharing)

    def contrasted(said: torch.Tensor, pooled: torch.Tensor, batch: TaughtExamples) -> torch.Tensor:
        known = np.flatnonzero(batch.labelled)
        return with_contrast(said, pooled[known], batch.examples.labels[known], contrast)

    def layered_loss(tuned: LayeredStudent, batch: TaughtExamples) -> torch.Tensor:
        assert batch.states is not None  # noqa: S101 - as `taught` has them
        logits, states = tuned.read(batch.examples.texts, settings.train_tokens)
        near = layers_loss(states, torch.from_numpy(batch.states).to(states.device))
        said = taught_loss(logits, batch, weights, settings.topic_weight, distillation)
        return said + distillation.kd_weight * near

    def fit(recipe: ClassificationSettings, run: TrainingRun) -> list[float]:
        for encoder in encoders_of(model.text):
            choose_trainable_layers(encoder, recipe.method, recipe.frozen_layers)
        schedule = schedule_of(recipe)
        if taught.states is None:
            losses = fine_tune(model, draw_epoch, loss, schedule, stage, run=run)
        else:
            student = LayeredStudent(model, taught.states.shape[-1])
            losses = fine_tune(student, draw_epoch, layered_loss, schedule, stage, run=run)
        for encoder in encoders_of(model.text):
            merged(encoder)
        return losses

    if taught.states is not None and settings.soft_sharing:
        raise SettingsError(
            "--kd-layers holds the layers of one encoder near the teacher's, and soft_sharing asks "
            "for two: leave out one of both."
        )
    if taught.states is not None and settings.prune_layers:
        raise SettingsError(
            "--kd-layers holds each layer near one of the teacher's, and prune_layers would take "
            "some of them out: leave out one of both. --layers chooses how many there are."
        )
    return fit_and_prune(model, model.text, settings, fit, draw_epoch, loss, run)


def heard_loss(
    logits: Sequence[torch.Tensor],
    batch: TaughtExamples,
    weights: torch.Tensor,
    topic_weight: float,
    distillation: Distillation,
) -> torch.Tensor:
    """`taught_loss` of the texts whose teacher counts, and that of the labels of the others.

    Each part weighs as many texts as it has. Returns a scalar, ().
    """
    if batch.heard is None or batch.heard.all():
        return taught_loss(logits, batch, weights, topic_weight, distillation)
    apart = np.flatnonzero(~batch.heard)
    own = loss_of(
        [head[torch.from_numpy(apart)] for head in logits],
        batch.examples.part(apart),
        weights,
        topic_weight,
    )
    if len(apart) == len(batch):
        return own
    together = np.flatnonzero(batch.heard)
    taught = taught_loss(
        [head[torch.from_numpy(together)] for head in logits],
        batch.part(together),
        weights,
        topic_weight,
        distillation,
    )
    return (len(together) * taught + len(apart) * own) / len(batch)


def taught_loss(
    logits: Sequence[torch.Tensor],
    batch: TaughtExamples,
    weights: torch.Tensor,
    topic_weight: float,
    distillation: Distillation,
) -> torch.Tensor:
    """The loss of a batch, a scalar, ().

    Args: logits: (n, labels) float, and (n, topics) where there are topics. weights: (labels,).
    """
    temperature = distillation.temperature
    labels = logits[0].shape[1]
    soft = torch.from_numpy(batch.soft).to(logits[0].device)
    kd = (
        soft_labels_loss(logits[0], soft[:, :labels], temperature)
        if labels
        else logits[0].new_zeros(())
    )
    whole = torch.from_numpy(batch.whole)
    if len(logits) > 1 and whole.any():
        kd = kd + topic_weight * soft_topics_loss(
            logits[1][whole], soft[whole, labels:], temperature
        )
    known = np.flatnonzero(batch.labelled)
    if not known.size:
        return distillation.kd_weight * kd
    own = loss_of(
        [head[torch.from_numpy(known)] for head in logits],
        batch.examples.part(known),
        weights,
        topic_weight,
    )
    return blended(kd, own, distillation.kd_weight)


def _disturbed(
    batch: TaughtExamples, disturb: Disturb | None, rng: random.Random
) -> TaughtExamples:
    if disturb is None:
        return batch
    texts = [disturb(text, rng) for text in batch.examples.texts]
    return replace(batch, examples=replace(batch.examples, texts=texts))
