"""The loss of a batch of which some texts are labelled and of some the teacher counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from pipelines.classification.model import loss_of
from pipelines.distillation.losses import blended, soft_labels_loss, soft_topics_loss
from pipelines.distillation.settings import Distillation
from pipelines.distillation.taught_examples import TaughtExamples


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
