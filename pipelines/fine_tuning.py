"""Fine-tuning: the loop, the schedule, and the losses by which vectors learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

from pipelines.pair_batches import PairBatch
from pipelines.progress import Stage
from pipelines.text_model import TextModel, reduced_precision

M = TypeVar("M", bound=torch.nn.Module)
B = TypeVar("B")


@dataclass(frozen=True)
class Schedule:
    """How far and how fast to go."""

    epochs: int
    learning_rate: float
    warm_up: float = 0.1  # part of all steps over which the rate rises from 0
    weight_decay: float = 0.01
    seed: int = 0


def fine_tune(
    model: M,
    draw_epoch: Callable[[], Sequence[B]],
    loss_of: Callable[[M, B], torch.Tensor],
    schedule: Schedule,
    stage: Stage,
    after_epoch: Callable[[], None] = lambda: None,
) -> list[float]:
    """Train in place; the mean loss of each epoch.

    Args: draw_epoch: the batches of the next epoch; each epoch has as many.
          after_epoch: looks at the model as it stands then.
    """
    torch.manual_seed(schedule.seed)
    optimizer = torch.optim.AdamW(
        [weight for weight in model.parameters() if weight.requires_grad],
        lr=schedule.learning_rate,
        weight_decay=schedule.weight_decay,
    )
    batches = draw_epoch()
    steps = schedule.epochs * len(batches)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps, schedule))
    stage.expect(steps)
    losses = []
    for epoch in range(schedule.epochs):
        batches = draw_epoch() if epoch else batches
        losses.append(_run_epoch(model, batches, loss_of, optimizer, rate, stage))
        after_epoch()
    return losses


def _run_epoch(
    model: M,
    batches: Sequence[B],
    loss_of: Callable[[M, B], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    rate: torch.optim.lr_scheduler.LRScheduler,
    stage: Stage,
) -> float:
    model.train()
    total = 0.0
    for batch in batches:
        with reduced_precision():
            loss = loss_of(model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        rate.step()
        total += loss.item()
        stage.advance()
    return total / len(batches)


def info_nce(
    model: TextModel, batch: PairBatch, temperature: float, passage_tokens: int
) -> torch.Tensor:
    """Each question must find its passage among all passages of the batch.

    loss = mean over questions of -log softmax(cos(q, p) / temperature) at the passage that answers.
    Source: van den Oord et al. 2018, arXiv:1807.03748; with in-batch negatives as in
            Henderson et al. 2017, arXiv:1705.00652.
    """
    questions = model.embed(batch.questions, passage_tokens)  # (n, d)
    passages = model.embed(batch.passages, passage_tokens)  # (m, d)
    logits = questions.float() @ passages.float().T / temperature  # (n, m)
    return torch.nn.functional.cross_entropy(logits, torch.tensor(batch.answers))


def supervised_contrastive(
    vectors: torch.Tensor, labels: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Texts of one label must be nearer to each other than to all others of the batch.

    Args:   vectors: (n, d) float32, unit length. labels: (n,) int64.
    Source: Khosla et al. 2020, arXiv:2004.11362, equation 2.
    """
    itself = torch.eye(len(labels), dtype=torch.bool)
    logits = (vectors @ vectors.T / temperature).masked_fill(itself, -torch.inf)
    log_p = torch.log_softmax(logits, dim=1).masked_fill(itself, 0.0)  # (n, n)
    positive = (labels[:, None] == labels[None, :]) & ~itself
    return -((log_p * positive).sum(1) / positive.sum(1).clamp(min=1)).mean()


def _rate(step: int, steps: int, schedule: Schedule) -> float:
    """Linear rise, then linear fall to 0, as a part of the learning rate."""
    rising = max(1, round(schedule.warm_up * steps))
    return min((step + 1) / rising, max(0.0, (steps - step) / max(1, steps - rising)))
