"""Heads over a transformer that stays as it is: solved for, or told in words."""

from __future__ import annotations

import torch

from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier, class_weights, loss_of
from pipelines.classification.regularising import Places, choose_l2
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.zero_shot import Descriptions, describe_heads

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


def label_weights(
    model: TextClassifier, examples: Examples, settings: ClassificationSettings
) -> torch.Tensor:
    """What each label weighs in the loss, (labels,) float32."""
    if settings.balanced:
        return class_weights(examples.labels, model.labels.out_features)
    return torch.ones(model.labels.out_features)
