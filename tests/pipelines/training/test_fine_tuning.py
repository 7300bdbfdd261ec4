import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.support_qa.data import SupportData
from pipelines.support_qa.evaluate import build_index, measure_retrieval
from pipelines.support_qa.samples import SampleQuestions
from pipelines.training.fine_tuning import Schedule, fine_tune, info_nce, supervised_contrastive
from pipelines.training.pair_batches import PairBatch, draw_batches
from pipelines.training.text_model import TextModel
from textwire.models.base_model import BaseModel


class Counted:
    """A stage that counts."""

    def __init__(self) -> None:
        self.expected = self.done = 0

    def expect(self, steps: int) -> None:
        self.expected = steps

    def advance(self) -> None:
        self.done += 1


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextModel:
    return TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)


def batches_of(data: SupportData, rng: random.Random) -> list[PairBatch]:
    pairs = data.pairs()
    return draw_batches(pairs, [[text] for text in {p.passage: 0 for p in pairs}], 5, rng)


def test_learning_makes_the_right_passage_rank_higher(
    model: TextModel, sample_folder: SampleQuestions
) -> None:
    # Each question belongs to the next subject's passage: nothing known before can help.
    data, rng, stage = shifted(sample_folder.read()), random.Random(0), Counted()
    before = measure_retrieval(build_index(model, data), data.train)
    losses = fine_tune(
        model,
        lambda: batches_of(data, rng),
        lambda tuned, batch: info_nce(tuned, batch, 0.05, 32),
        Schedule(epochs=40, learning_rate=5e-3),
        stage,
    )
    after = measure_retrieval(build_index(model, data), data.train)
    assert losses[-1] < losses[0] / 2
    assert after["mrr"] > before["mrr"]
    assert stage.done == stage.expected == 40


def shifted(data: SupportData) -> SupportData:
    names = [passage.id for passage in data.passages]
    following = dict(zip(names, names[1:] + names[:1], strict=True))
    train = [replace(asked, passage_id=following[asked.passage_id]) for asked in data.train]
    return replace(data, train=train)


def test_the_same_seed_gives_the_same_model(
    tiny_base: Path, tmp_path: Path, sample_folder: SampleQuestions
) -> None:
    data = sample_folder.read()

    def trained() -> np.ndarray:
        model, rng = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32), random.Random(0)
        fine_tune(
            model,
            lambda: batches_of(data, rng),
            lambda tuned, batch: info_nce(tuned, batch, 0.05, 32),
            Schedule(epochs=2, learning_rate=1e-3, seed=3),
            Counted(),
        )
        return model.encode(["my card is lost"])

    np.testing.assert_allclose(trained(), trained(), atol=1e-6)


def test_info_nce_is_the_mean_of_minus_log_softmax(model: TextModel) -> None:
    batch = PairBatch(["card lost", "pay", "fees"], ["my card is lost", "pay a fee"], [0, 1, 1])
    model.eval()
    logits = model.encode(batch.questions) @ model.encode(batch.passages).T / 0.1
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.log(chances[[0, 1, 2], [0, 1, 1]]).mean()
    assert info_nce(model, batch, 0.1, 32).item() == pytest.approx(expected, abs=1e-4)


def test_supervised_contrastive_is_equation_2_of_its_paper() -> None:
    vectors = torch.nn.functional.normalize(torch.randn(6, 4, generator=torch.manual_seed(0)))
    labels = [0, 0, 1, 1, 1, 0]
    cosines = (vectors @ vectors.T / 0.1).numpy()
    terms = []
    for i in range(6):
        others = [j for j in range(6) if j != i]
        total = sum(np.exp(cosines[i, j]) for j in others)
        same = [j for j in others if labels[j] == labels[i]]
        terms.append(-np.mean([np.log(np.exp(cosines[i, j]) / total) for j in same]))
    loss = supervised_contrastive(vectors, torch.tensor(labels), 0.1)
    assert loss.item() == pytest.approx(np.mean(terms), rel=1e-4)
    assert torch.isfinite(supervised_contrastive(vectors, torch.arange(6), 0.1))


def test_frozen_words_stay_as_they_are(model: TextModel, sample_folder: SampleQuestions) -> None:
    words = model.transformer.get_input_embeddings().weight
    before = words.detach().clone()
    model.freeze_embeddings()
    data = sample_folder.read()
    fine_tune(
        model,
        lambda: batches_of(data, random.Random(0)),
        lambda tuned, batch: info_nce(tuned, batch, 0.05, 32),
        Schedule(epochs=1, learning_rate=1e-2),
        Counted(),
    )
    assert torch.equal(words, before)
