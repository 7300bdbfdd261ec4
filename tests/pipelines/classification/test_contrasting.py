"""Texts of one label held near each other, beside cross-entropy."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classification.contrasting import order_in_pairs, with_contrast
from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.train import tune
from pipelines.training.text_model import TextModel
from tests.pipelines.runs import quiet
from tests.tiny_models import MAX_TOKENS
from textwire.errors import SettingsError
from textwire.models.base_model import BaseModel

TEXTS = ["my card is lost", "what fee can i pay", "card lost", "pay a fee", "lost my cards", "fees"]
LABELS = np.array([0, 1, 0, 1, 0, 1])


@given(labels=st.lists(st.integers(0, 5), max_size=60), seed=st.integers(0, 100))
def test_each_place_stands_once_and_at_most_one_of_a_label_is_alone(
    labels: list[int], seed: int
) -> None:
    order = order_in_pairs(np.array(labels, dtype=np.int64), random.Random(seed))
    assert sorted(order) == list(range(len(labels)))
    together: Counter[int] = Counter()
    at = 0
    while at < len(order):
        paired = at + 1 < len(order) and labels[order[at]] == labels[order[at + 1]]
        together[labels[order[at]]] += not paired
        at += 1 + paired
    assert all(alone == labels.count(label) % 2 for label, alone in together.items())


def test_what_is_near_its_own_label_costs_less() -> None:
    near = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.1, 1.0]])
    mixed = near[[0, 0, 1, 1]]
    labels, loss = np.array([0, 1, 0, 1]), torch.tensor(1.0)
    assert with_contrast(loss, near, labels, 0.3) < with_contrast(loss, mixed, labels, 0.3)
    assert with_contrast(loss, mixed, labels, 0.0) == loss
    assert with_contrast(loss, near[:1], labels[:1], 0.3) == loss


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_part_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(SettingsError, match="no part of a loss"):
        ClassificationSettings(contrastive=share)


@pytest.mark.parametrize("topics", [False, True])
def test_labels_are_drawn_together_and_topics_have_no_such_part(
    topics: bool, tiny_base: Path, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    text = TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS)
    model = TextClassifier(text, 0 if topics else 2, 2 if topics else 0)
    held = np.stack([LABELS == 0, LABELS == 1], axis=1) if topics else np.zeros((6, 0), np.bool_)
    some = Examples(TEXTS, LABELS * (not topics), held, np.ones(6, dtype=np.bool_))
    recipe = ClassificationSettings(
        epochs=20, batch_texts=4, learning_rate=3e-3, train_tokens=16, contrastive=0.5
    )
    with quiet().stage("Fine-tuning") as stage:
        tune(model, some, recipe, stage)
    told = model.logits(TEXTS)[int(topics)].argmax(axis=1)
    assert (told == LABELS).all()
    if not topics:
        vectors = model.text.encode(TEXTS)
        same = LABELS[:, None] == LABELS[None, :]
        cosines = vectors @ vectors.T
        assert cosines[same].min() > cosines[~same].max()
