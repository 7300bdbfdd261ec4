"""Mix-up: between two texts lies a third, whose label is as much of each.

Source: Zhang et al. 2018, arXiv:1710.09412; of the vectors of texts, which can be mixed where words
        cannot: Sun et al. 2020, arXiv:2010.02394.
"""

from __future__ import annotations

import torch

from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier, loss_of


def mixed_loss(
    model: TextClassifier,
    pooled: torch.Tensor,
    examples: Examples,
    weights: torch.Tensor,
    topic_weight: float,
    spread: float,
) -> torch.Tensor:
    """The loss of each text of a batch mixed with another of it.

    loss = share * loss(labels) + (1 - share) * loss(the others' labels), of the vectors
    share * v + (1 - share) * the others' vectors, with one share for a batch, drawn from
    Beta(spread, spread), and the larger part the text's own. Both draws are torch's, whose state is
    in every checkpoint, so a run that was killed goes on with the same.

    Args: pooled: (n, dimension) float, means over tokens. weights: (labels,) float.
          spread: above 0; at 0.2 most texts stay nearly what they are, at 1 all shares are likely.
    """
    drawn = torch.distributions.Beta(spread, spread).sample()
    share = float(torch.maximum(drawn, 1 - drawn))
    other = torch.randperm(len(examples))
    mixed = share * pooled + (1 - share) * pooled[other.to(pooled.device)]
    logits = model.heads(mixed)
    own = loss_of(logits, examples, weights, topic_weight)
    others = loss_of(logits, examples.part(other.numpy()), weights, topic_weight)
    return share * own + (1 - share) * others
