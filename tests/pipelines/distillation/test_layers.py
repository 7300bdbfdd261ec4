"""States of layers."""

from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.classification.model import TextClassifier
from pipelines.distillation.layers import LayeredStudent, depth_of, pooled_states
from pipelines.training.text_model import TextModel
from textwire.models.base_model import BaseModel

TEXTS = ["my card is lost", "fee", "where is the parcel and why is it late", "fee"]


@pytest.fixture
def text(tiny_base: Path, tmp_path: Path) -> TextModel:
    return TextModel(BaseModel("tiny", tiny_base), tmp_path, 32).eval()


def test_the_last_state_is_what_heads_stand_on(text: TextModel) -> None:
    states = pooled_states(text, TEXTS, 32)
    assert states.shape == (4, depth_of(text), 32)
    assert torch.allclose(states[:, -1], text.pool(TEXTS, 32), atol=1e-5)


def test_a_batch_has_the_states_of_its_texts_alone(text: TextModel) -> None:
    alone = torch.cat([pooled_states(text, [one], 32) for one in TEXTS])
    np.testing.assert_allclose(pooled_states(text, TEXTS, 32).detach(), alone.detach(), atol=1e-5)


def test_layers_are_chosen_evenly_and_the_last_is_among_them(text: TextModel) -> None:
    chosen = pooled_states(text, TEXTS, 32, layers=1)
    assert torch.equal(chosen[:, 0], pooled_states(text, TEXTS, 32)[:, -1])


def test_only_what_is_masked_off_is_left_out(text: TextModel) -> None:
    text.pooled_until = text.reader.id_of("[SEP]")
    states = pooled_states(text, ["fee [SEP] the shop"], 32)
    assert torch.allclose(states[:, -1], text.pool(["fee [SEP] the shop"], 32), atol=1e-5)


def test_a_student_is_widened_to_its_teacher(text: TextModel) -> None:
    classifier = TextClassifier(text, 3, 2)
    same, wider = LayeredStudent(classifier, 32), LayeredStudent(classifier, 48)
    (labels, topics), states = wider.read(TEXTS, 32)
    assert (labels.shape, topics.shape, states.shape) == ((4, 3), (4, 2), (4, 2, 48))
    own = pooled_states(text, TEXTS, 32)
    assert torch.allclose(same.read(TEXTS, 32)[1], own, atol=1e-5)
