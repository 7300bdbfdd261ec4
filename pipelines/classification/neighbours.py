"""How much of a say the nearest learned texts get beside the head, on texts that are held out."""

from __future__ import annotations

import random
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier
from pipelines.measuring.temperature import fit_label_temperature, fit_topic_temperature
from textwire.models.engines.torch_neighbours import NeighboursVote

# Of cosines: at 0.02 a neighbour a hundredth nearer counts 1.6 times as much.
NEARNESSES = (0.01, 0.02, 0.03, 0.05, 0.1)
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
# More are drawn by lot. So many cost 18 MB of each graph (384 numbers, 77 classes), and on a busy
# thread 0.5 ms of a text by itself, 0.07 ms of one among 32.
MOST_NEIGHBOURS = 10_000


class Gain(NamedTuple):
    """Of the chosen vote on the texts that it was chosen on: nats of cross-entropy a text."""

    mean: float
    error: float  # standard error of the mean

    @property
    def certain(self) -> bool:
        """Whether it is worth more than a head alone, which is simpler: one-standard-error rule."""
        return self.mean > self.error


def said_of(vote: NeighboursVote | None, gain: Gain) -> str:
    """What came of the choice, in a line."""
    figures = f"{gain.mean:.4f} ± {gain.error:.4f} nats of cross-entropy a text"
    if vote is None:
        return f"The nearest learned texts have no vote: it would gain {figures}."
    return (
        f"The nearest learned texts have {vote.share:.0%} of the vote (cosines / {vote.nearness}): "
        f"a gain of {figures}."
    )


def choose_neighbours(
    model: TextClassifier, learned: Examples, fitted: Examples, seed: int
) -> tuple[NeighboursVote | None, Gain]:
    """The share and nearness of the least cross-entropy on texts that were not learned from.

    Without a gain of a standard error over the head alone neighbours get no vote.

    Args: model: of one head, which has learned. learned: the neighbours.
    """
    exclusive = bool(model.labels.out_features)
    learned = _drawn(learned, seed)
    memory, pooled = (pooled_as_served(model, part.texts) for part in (learned, fitted))
    with torch.no_grad():
        logits = model.heads(pooled)[0 if exclusive else 1]
    right = fitted.labels if exclusive else fitted.topics
    temperature = (
        fit_label_temperature(logits.numpy(), fitted.labels)
        if exclusive
        else fit_topic_temperature(logits.numpy(), fitted.topics)
    )
    vote = NeighboursVote(
        torch.nn.functional.normalize(memory, dim=-1),
        _classes(learned, model.labels.out_features),
        share=0.0,
        nearness=NEARNESSES[0],
        temperature=temperature,
        exclusive=exclusive,
    )
    alone = losses(vote, pooled, logits, right)
    best, least = (0.0, NEARNESSES[0]), alone
    for share, nearness in product(SHARES, NEARNESSES):
        vote.share, vote.nearness = share, nearness
        found = losses(vote, pooled, logits, right)
        if found.mean() < least.mean():
            best, least = (share, nearness), found
    vote.share, vote.nearness = best
    apart = alone - least
    gain = Gain(float(apart.mean()), float(apart.std() / len(apart) ** 0.5))
    return (vote if gain.certain else None), gain


def pooled_as_served(model: TextClassifier, texts: list[str]) -> torch.Tensor:
    """Means over the tokens that are read when it serves, (n, dimension) float32."""
    model.text.forget_pooled()
    return model.text.pool_once(texts, model.text.max_tokens).float()


@torch.no_grad()
def losses(
    vote: NeighboursVote,
    pooled: torch.Tensor,
    logits: torch.Tensor,
    right: NDArray[np.int64] | NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The cross-entropy of each text, (n,) float64, in nats; over its classes where it has several.

    Args: pooled: (n, d) float32. logits: (n, classes) float32, of the head.
          right: (n,) int64 columns, or (n, classes) bool.
    """
    mixed = vote(pooled, logits)
    if vote.exclusive:
        told = torch.log_softmax(mixed, dim=1)
        return -told[torch.arange(len(right)), torch.from_numpy(right)].double().numpy()
    apart = torch.nn.functional.binary_cross_entropy_with_logits(
        mixed, torch.from_numpy(right).float(), reduction="none"
    )
    summed: NDArray[np.float64] = apart.sum(dim=1).double().numpy()
    return summed


def _classes(learned: Examples, labels: int) -> torch.Tensor:
    if labels:
        return torch.nn.functional.one_hot(torch.from_numpy(learned.labels), labels).bool()
    return torch.from_numpy(learned.topics)


def _drawn(learned: Examples, seed: int) -> Examples:
    if len(learned) <= MOST_NEIGHBOURS:
        return learned
    return learned.part(random.Random(seed).sample(range(len(learned)), MOST_NEIGHBOURS))  # noqa: S311
