"""The losses by which vectors learn: what belongs together must be nearest."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel


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
    answers = torch.tensor(batch.answers, device=logits.device)
    return torch.nn.functional.cross_entropy(logits, answers)


def triplet(model: TextModel, batch: PairBatch, margin: float, passage_tokens: int) -> torch.Tensor:
    """A question's passage must be nearer by a margin than the nearest wrong one of the batch.

    loss = mean over questions of max(0, margin + max_wrong cos(q, p) - cos(q, right)); 0 where a
    batch has one passage.

    Source: Hermans et al. 2017, arXiv:1703.07737 (batch-hard triplets).
    """
    questions = model.embed(batch.questions, passage_tokens)  # (n, d)
    passages = model.embed(batch.passages, passage_tokens)  # (m, d)
    return hardest_triplets(questions.float() @ passages.float().T, batch.answers, margin)


def hardest_triplets(cosines: torch.Tensor, answers: Sequence[int], margin: float) -> torch.Tensor:
    """The same of cosines, (n, m) float; answers: n places of right passages. A scalar, ()."""
    right = torch.nn.functional.one_hot(
        torch.tensor(answers, device=cosines.device), cosines.shape[1]
    ).bool()
    wrong = cosines.masked_fill(right, -torch.inf).amax(dim=1)
    return torch.relu(margin + wrong - cosines[right]).mean()


def supervised_contrastive(
    vectors: torch.Tensor, labels: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Texts of one label must be nearer to each other than to all others of the batch.

    Args:   vectors: (n, d) float32, unit length. labels: (n,) int64, wherever they stand.
    Source: Khosla et al. 2020, arXiv:2004.11362, equation 2.
    """
    labels = labels.to(vectors.device)
    itself = torch.eye(len(labels), dtype=torch.bool, device=vectors.device)
    logits = (vectors @ vectors.T / temperature).masked_fill(itself, -torch.inf)
    log_p = torch.log_softmax(logits, dim=1).masked_fill(itself, 0.0)  # (n, n)
    positive = (labels[:, None] == labels[None, :]) & ~itself
    return -((log_p * positive).sum(1) / positive.sum(1).clamp(min=1)).mean()
