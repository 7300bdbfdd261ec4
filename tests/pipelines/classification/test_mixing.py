"""Texts mixed with others of their batch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.classification.examples import Examples
from pipelines.classification.mixing import mixed_loss
from pipelines.classification.model import TextClassifier, loss_of
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.train import tune
from pipelines.training.text_model import TextModel
from tests.pipelines.runs import quiet
from tests.tiny_models import MAX_TOKENS
from textwire.models.base_model import BaseModel

TEXTS = ["my card is lost", "what fee can i pay", "the parcel is late", "open a new loan"]
EVEN = torch.ones(2)


def examples(labels: list[int]) -> Examples:
    n = len(labels)
    return Examples(
        TEXTS[:n], np.array(labels), np.zeros((n, 0), dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    )


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextClassifier:
    torch.manual_seed(0)
    return TextClassifier(TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS), 2, 0)


def test_a_text_mixed_with_itself_is_what_it_was(model: TextClassifier) -> None:
    one = examples([1])
    pooled = torch.randn(1, model.dimension)
    plain = loss_of(model.heads(pooled), one, EVEN, 1.0)
    assert mixed_loss(model, pooled, one, EVEN, 1.0, 0.2).item() == pytest.approx(plain.item())


@given(seed=st.integers(0, 1_000), spread=st.floats(0.05, 5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_between_texts_of_one_label_the_loss_is_no_greater_than_at_them(
    model: TextClassifier, seed: int, spread: float
) -> None:
    """Cross-entropy over linear heads is convex (Jensen)."""
    torch.manual_seed(seed)
    pooled = torch.randn(4, model.dimension)
    same = examples([1, 1, 1, 1])
    plain = loss_of(model.heads(pooled), same, EVEN, 1.0)
    assert mixed_loss(model, pooled, same, EVEN, 1.0, spread).item() <= plain.item() + 1e-6


def test_the_same_draws_give_the_same_loss(model: TextClassifier) -> None:
    pooled = torch.randn(4, model.dimension)
    some = examples([0, 1, 0, 1])
    losses = []
    for _ in range(2):
        torch.manual_seed(7)
        losses.append(mixed_loss(model, pooled, some, EVEN, 1.0, 0.4).item())
    assert losses[0] == losses[1]


def test_a_classifier_learns_from_mixed_texts_what_the_labels_say(model: TextClassifier) -> None:
    recipe = ClassificationSettings(
        epochs=30, batch_texts=4, learning_rate=5e-3, train_tokens=16, mixup=0.2
    )
    some = examples([0, 1, 0, 1])
    with quiet().stage("Fine-tuning") as stage:
        losses = tune(model, some, recipe, stage)
    assert losses[-1] < losses[0]
    assert (model.logits(TEXTS)[0].argmax(axis=1) == some.labels).all()


def test_without_a_spread_nothing_is_mixed(model: TextClassifier) -> None:
    recipe = ClassificationSettings(epochs=1, batch_texts=4, train_tokens=16)
    pooled = model.text.pool_once(TEXTS, 16)
    plain = loss_of(model.heads(pooled), examples([0, 1, 0, 1]), EVEN, 1.0).item()
    model.text.forget_pooled()
    model.text.transformer.eval()
    with quiet().stage("Fine-tuning") as stage:
        still = replace(recipe, method="frozen", frozen_layers=0, learning_rate=0.0)
        (loss,) = tune(model, examples([0, 1, 0, 1]), still, stage)
    assert loss == pytest.approx(plain, abs=0.2)  # dropout apart
