"""How both heads and the encoder beneath them learn."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import torch

from pipelines.classification.contrasting import PAIR_TEMPERATURE, order_in_pairs, with_contrast
from pipelines.classification.examples import Examples
from pipelines.classification.mixing import mixed_loss
from pipelines.classification.model import TextClassifier, class_weights, loss_of
from pipelines.classification.regularising import Places, choose_l2
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.sharing import encoders_of, sharing_penalty
from pipelines.classification.zero_shot import Descriptions, describe_heads
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
# Of L-BFGS; some 50 are needed on the samples.
MOST_STEPS = 200


def set_heads(
    model: TextClassifier,
    examples: Examples,
    settings: ClassificationSettings,
    descriptions: Descriptions,
) -> None:
    """Give the heads over the transformer as it stands: solved for, or told in words.

    Raises: DataError: a class has no description, and only words are learned from.
    """
    if settings.method == "zero-shot":
        describe_heads(model, descriptions, examples.texts, settings.train_tokens)
        return
    pooled = model.text.pool_once(examples.texts, settings.train_tokens)
    fit_heads(model, pooled, examples, settings)


def fit_heads(
    model: TextClassifier,
    pooled: torch.Tensor,
    examples: Examples,
    settings: ClassificationSettings,
) -> None:
    """Solve for the heads over what a transformer that stays as it is makes of the texts.

    Convex, so there is one answer and no epochs. Where the layers learn too, it is where they start
    from, so that random heads do not spoil them first.

    Args:   pooled: (n, dimension) float32, means over tokens.
    Source: Kumar et al. 2022, arXiv:2202.10054 (linear probing, then fine-tuning).
    """
    weights = label_weights(model, examples, settings)

    def loss_without(learned: Places, judged: Places, l2: float) -> float:
        solve_heads(model, pooled[learned], examples.part(learned), weights, settings, l2)
        with torch.no_grad():
            logits = model.heads(pooled[judged])
        return float(loss_of(logits, examples.part(judged), weights, settings.topic_weight))

    l2 = settings.head_l2 or choose_l2(len(examples), loss_without)
    solve_heads(model, pooled, examples, weights, settings, l2)


def solve_heads(
    model: TextClassifier,
    pooled: torch.Tensor,
    examples: Examples,
    weights: torch.Tensor,
    settings: ClassificationSettings,
    l2: float,
) -> None:
    """The heads of the least loss, given how strongly their weights are held back.

    Args: pooled: (n, dimension) float32. weights: (labels,) float.
    """
    heads = [head for head in (model.labels, model.topics) if head is not None]
    learned = [weight for head in heads for weight in head.parameters()]
    for weight in learned:
        torch.nn.init.zeros_(weight)
    optimizer = torch.optim.LBFGS(learned, max_iter=MOST_STEPS, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(model.heads(pooled), examples, weights, settings.topic_weight)
        loss = loss + l2 * sum(head.weight.square().sum() for head in heads)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]


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
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
    weights = label_weights(model, examples, settings)
    contrast = contrast_of(model, settings)
    places, judged = hold_back(range(len(examples)), settings)
    learned, held = examples.part(places), examples.part(judged)

    def judge() -> float:
        logits = [torch.from_numpy(columns) for columns in model.logits(held.texts)]
        heads = logits[: 1 + (model.topics is not None)]
        return -float(loss_of(heads, held, weights, settings.topic_weight))

    def loss(tuned: TextClassifier, batch: Examples) -> torch.Tensor:
        if settings.method == "few-shot":
            vectors = tuned.text.embed(batch.texts, settings.train_tokens)
            labels = torch.from_numpy(batch.labels)
            return supervised_contrastive(vectors.float(), labels, PAIR_TEMPERATURE)
        pooled = tuned.text.pool(batch.texts, settings.train_tokens)
        apart = sharing_penalty(tuned.text, settings.soft_sharing)
        topics = settings.topic_weight
        told = (
            mixed_loss(tuned, pooled, batch, weights, topics, settings.mixup)
            if settings.mixup
            else loss_of(tuned.heads(pooled), batch, weights, topics)
        )
        return with_contrast(told, pooled, batch.labels, contrast) + apart

    def draw_epoch() -> list[Examples]:
        drawn = _disturbed(learned, disturb, rng)
        if contrast:
            return in_batches(drawn, order_in_pairs(drawn.labels, rng), settings.batch_texts)
        return draw_batches(drawn, settings.batch_texts, rng)

    def fit(recipe: ClassificationSettings, run: TrainingRun) -> list[float]:
        for encoder in encoders_of(model.text):
            choose_trainable_layers(encoder, recipe.method, recipe.frozen_layers)
        if watcher:
            watcher.look(model)
        losses = fine_tune(
            model,
            draw_epoch,
            loss,
            schedule_of(recipe),
            stage,
            lambda: watcher.look(model) if watcher else None,
            run,
            judge,
        )
        if watcher:
            watcher.restore(model)
        for encoder in encoders_of(model.text):
            merged(encoder)
        return losses

    losses = fit_and_prune(model, model.text, settings, fit, draw_epoch, loss, run)
    if settings.method == "few-shot":
        model.text.forget_pooled()
        pooled = model.text.pool_once(examples.texts, settings.train_tokens)
        fit_heads(model, pooled, examples, settings)
    return losses


def contrast_of(model: TextClassifier, settings: ClassificationSettings) -> float:
    """The contrastive part of the loss: that of labels, of which topics have none."""
    return settings.contrastive if model.labels.out_features else 0.0


def label_weights(
    model: TextClassifier, examples: Examples, settings: ClassificationSettings
) -> torch.Tensor:
    """What each label weighs in the loss, (labels,) float32."""
    if settings.balanced:
        return class_weights(examples.labels, model.labels.out_features)
    return torch.ones(model.labels.out_features)


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
