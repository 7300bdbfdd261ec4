"""What is trained: one encoder over a question and a passage, and a head that tells whether."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from pipelines.classification.model import TextClassifier
from pipelines.reranker.data import ShownList
from pipelines.reranker.settings import RerankerSettings
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import PARTS, Objective
from textwire.support_qa.reranking import LABELS, pair_text

OBJECTIVE = Objective(
    loss="softmax over a question's passages and none of them; mean pooling",
    methods={method: f"cross-encoder, {part}" for method, part in PARTS.items()},
)
BINARY = Objective(
    loss="binary cross-entropy of each passage; mean pooling",
    methods={method: f"cross-encoder, {part}" for method, part in PARTS.items()},
)
ANSWERS = LABELS.index("answers")


def new_model(text: TextModel, seed: int) -> TextClassifier:
    """A head of the two labels on a text model, the same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return TextClassifier(text, len(LABELS), 0)


def loss_of(
    model: TextClassifier, batch: Sequence[ShownList], settings: RerankerSettings
) -> torch.Tensor:
    """The loss of some questions, each beside its passages.

    listwise: -log softmax over a question's log odds, and a 0 for "none of them", at what is right.
              So an answer must have more than its rivals, and more than 0, and where nothing
              answers all must have less.
    binary:   each passage for itself.

    Source: Nogueira and Cho 2019, arXiv:1901.04085 (binary); Gao et al. 2021, arXiv:2101.08751
            (softmax over hard negatives).
    """
    texts = [pair_text(one.question, text) for one in batch for text in one.texts]
    odds = log_odds(model, texts, settings.train_tokens)  # (pairs,)
    of_each = torch.split(odds, [len(one.texts) for one in batch])
    if settings.loss == "binary":
        return _binary(of_each, batch)
    return _listwise(of_each, batch)


def log_odds(model: TextClassifier, texts: Sequence[str], tokens: int) -> torch.Tensor:
    """Log odds that a pair's passage answers, (n,) float32, with gradients."""
    logits = model.heads(model.text.pool(texts, tokens))[0].float()  # (n, 2)
    return logits[:, ANSWERS] - logits[:, 1 - ANSWERS]


def _listwise(of_each: Sequence[torch.Tensor], batch: Sequence[ShownList]) -> torch.Tensor:
    losses = []
    for odds, one in zip(of_each, batch, strict=True):
        scores = torch.cat([odds, odds.new_zeros(1)])  # the last: none of them
        losses.append(-torch.log_softmax(scores, dim=0)[0 if one.answered else -1])
    return torch.stack(losses).mean()


def _binary(of_each: Sequence[torch.Tensor], batch: Sequence[ShownList]) -> torch.Tensor:
    losses = []
    for odds, one in zip(of_each, batch, strict=True):
        right = torch.zeros_like(odds)
        right[:1] = float(one.answered)
        # As if there were as many right ones as wrong ones.
        weight = odds.new_tensor(float(max(1, len(one.texts) - 1)))
        losses.append(
            torch.nn.functional.binary_cross_entropy_with_logits(odds, right, pos_weight=weight)
        )
    return torch.stack(losses).mean()
