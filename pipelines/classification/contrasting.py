"""Beside cross-entropy: texts of one label near each other, those of others apart.

    loss = (1 - share) * cross-entropy + share * supervised contrastive loss

A head draws planes between classes, and says nothing of where within them a text lies. What is near
what matters where neighbours vote, and where few texts of a class are known.

Source: Gunel et al. 2021, arXiv:2011.01403.
"""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.losses.contrastive import supervised_contrastive

# Khosla et al. 2020, arXiv:2004.11362, figure 4: 0.1 is about best.
PAIR_TEMPERATURE = 0.1


def with_contrast(
    loss: torch.Tensor, pooled: torch.Tensor, labels: NDArray[np.int64], share: float
) -> torch.Tensor:
    """The loss of a batch with so much of the contrastive one, a scalar, (); one text has none.

    Args: pooled: (n, d) float, means over tokens. labels: (n,) int64. share: in [0, 1].
    """
    if not share or len(labels) < 2:
        return loss
    vectors = torch.nn.functional.normalize(pooled.float(), dim=-1)
    apart = supervised_contrastive(vectors, torch.from_numpy(labels), PAIR_TEMPERATURE)
    return (1 - share) * loss + share * apart


def order_in_pairs(labels: NDArray[np.int64], rng: random.Random) -> list[int]:
    """All places once, two of a label side by side where there are two: nobody is near no one.

    Of many labels a batch at random would hold hardly any twice.
    """
    by_label: dict[int, list[int]] = defaultdict(list)
    for place in rng.sample(range(len(labels)), len(labels)):
        by_label[int(labels[place])].append(place)
    pairs = [row[at : at + 2] for row in by_label.values() for at in range(0, len(row), 2)]
    return [place for pair in rng.sample(pairs, len(pairs)) for place in pair]
