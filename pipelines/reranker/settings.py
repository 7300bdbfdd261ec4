"""Everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.running.training_spec import Settings

APPLICATION = "reranker"  # the folder's name
RankingLoss = Literal["listwise", "binary"]


@dataclass(frozen=True)
class RerankerSettings(Settings):
    """The recipe. Its hash is part of the artifact's fingerprint."""

    retriever: str = ""  # the version whose candidates are read; its champion unless said
    loss: RankingLoss = "listwise"
    epochs: int = 5
    lists_per_batch: int = 8  # questions, each with its passages
    mined: int = 20  # passages of the retriever's ranking that wrong ones are drawn from
    wrongs: int = 7  # of them, drawn anew in each epoch
    withheld: float = 0.1  # part of the questions that are shown wrong passages alone
    learning_rate: float = 1e-4  # where all weights learn; see `methods.learning_rate`
    train_tokens: int = 160  # of a question and its passage; longer ones are cut while training
    public_lists: int = 5_000  # of each public data set that is learned from too, at most
    read: int = 10  # passages that are read of each question when it serves
    max_risk: float = 0.1  # wrong answers among those given, on the calibration questions
    # The least part of held-out pairs of which the int8 graph says the same as the trained model.
    min_int8_same_label: float = 0.9
