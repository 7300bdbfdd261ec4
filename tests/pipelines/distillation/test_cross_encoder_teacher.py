"""A retriever learns by how much more one passage answers than another."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.distillation.cross_encoder_teacher import TaughtMargins
from pipelines.distillation.settings import Distillation
from pipelines.losses.contrastive import info_nce
from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel
from tests.tiny_models import MAX_TOKENS
from textwire.models.base_model import BaseModel
from textwire.models.engines.encoder import Vectors

BATCH = PairBatch(
    ["card lost", "fee for money"], ["my card is lost", "what fee can i pay", "open a loan"], [0, 1]
)


class Asked:
    """Answers with the same log odds for each, and counts."""

    def __init__(self, right: float, wrong: float) -> None:
        self.right, self.wrong = right, wrong
        self.pairs: list[tuple[str, str]] = []

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.pairs += pairs
        answers = {
            BATCH.questions[n]: BATCH.passages[place] for n, place in enumerate(BATCH.answers)
        }
        return np.array(
            [self.right if answers[q] == passage else self.wrong for q, passage in pairs],
            dtype=np.float32,
        )


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextModel:
    return TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS).eval()


def taught(asked: Asked, folder: Path, weight: float) -> TaughtMargins:
    distillation = Distillation(("teacher",), folder, kd_weight=weight, temperature=0.05)
    return TaughtMargins(asked, distillation, 0.05, MAX_TOKENS)


def margin(model: TextModel) -> float:
    """Of the first question: between its passage and the nearest other one."""
    cosines = model.encode(BATCH.questions) @ model.encode(BATCH.passages).T
    return float(cosines[0, 0] - np.delete(cosines[0], 0).max())


def test_without_weight_it_is_the_tasks_own_loss(model: TextModel, tmp_path: Path) -> None:
    loss = taught(Asked(5, -5), tmp_path, 0.0)(model, BATCH)
    assert loss.item() == pytest.approx(info_nce(model, BATCH, 0.05, MAX_TOKENS).item(), abs=1e-5)


@pytest.mark.slow
def test_a_student_comes_to_the_margins_that_it_is_told(model: TextModel, tmp_path: Path) -> None:
    asked = Asked(2.0, -2.0)
    loss_of = taught(asked, tmp_path, 1.0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    before = abs(margin(model) / 0.05 - 4.0)
    for _ in range(40):
        optimizer.zero_grad()
        loss = loss_of(model, BATCH)
        loss.backward()
        optimizer.step()
    assert abs(margin(model) / 0.05 - 4.0) < before
    assert loss.item() < 4.0


def test_the_teacher_is_asked_of_each_pair_once(model: TextModel, tmp_path: Path) -> None:
    asked = Asked(1.0, 0.0)
    loss_of = taught(asked, tmp_path, 0.5)
    first, second = (loss_of(model, BATCH).item() for _ in range(2))
    assert first == second
    assert len(asked.pairs) == len(set(asked.pairs)) == 2 * len(BATCH.questions)


def test_where_there_is_one_passage_alone_nothing_is_asked(
    model: TextModel, tmp_path: Path
) -> None:
    asked = Asked(1.0, 0.0)
    alone = PairBatch(BATCH.questions[:1], BATCH.passages[:1], [0])
    assert taught(asked, tmp_path, 1.0)(model, alone).item() == pytest.approx(0.0, abs=1e-6)
    assert not asked.pairs
