"""Two encoders, one a head, held near each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.artifacts.export import export_graphs
from pipelines.classification.examples import Examples
from pipelines.classification.heads import fit_heads
from pipelines.classification.settings import ClassificationSettings
from pipelines.classification.sharing import TwinTextModel, classifier_on, encoders_of, read_by
from pipelines.classification.train import tune
from pipelines.distillation.depth import as_deep_as_asked
from pipelines.distillation.settings import Distillation
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import Method
from tests.pipelines.tuning.test_methods import Silent
from tests.slow_params import slow_but
from tests.tiny_models import LABELS, MAX_TOKENS, TOPICS, write_manifest
from textwire.errors import ArtifactMissing, SettingsError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.torch_classifier import TorchClassifier

TEXTS = ["my card is lost", "what fee can i pay", "the parcel is late", "open a new loan"] * 2
EXAMPLES = Examples(
    TEXTS,
    np.arange(8) % 3,
    np.array([[at % 2 == 0, at < 4] for at in range(8)]),
    np.ones(8, dtype=np.bool_),
)
SOFT = ClassificationSettings(
    soft_sharing=0.01, epochs=3, learning_rate=1e-3, max_tokens=MAX_TOKENS, train_tokens=MAX_TOKENS
)


@pytest.fixture
def base(tiny_base: Path) -> BaseModel:
    return BaseModel("tiny", tiny_base)


def twin(base: BaseModel, folder: Path, settings: ClassificationSettings = SOFT) -> TwinTextModel:
    text = read_by(base, folder, settings, two_heads=True)
    assert isinstance(text, TwinTextModel)
    return text


def test_both_begin_as_one_encoder_does(base: BaseModel, tmp_path: Path) -> None:
    text = twin(base, tmp_path)
    assert text.apart().item() == 0.0
    one = TextModel(base, tmp_path, MAX_TOKENS).pool_once(TEXTS[:4], MAX_TOKENS)
    np.testing.assert_allclose(text.pool_once(TEXTS[:4], MAX_TOKENS), one.repeat(1, 2), atol=1e-6)


def test_each_head_teaches_its_own_encoder_alone(base: BaseModel, tmp_path: Path) -> None:
    text = twin(base, tmp_path)
    model = classifier_on(text, len(LABELS), len(TOPICS))
    model.heads(text.pool(TEXTS, MAX_TOKENS))[1].sum().backward()  # type: ignore[no-untyped-call]
    own, other = (
        [weight.grad for weight in encoder.transformer.encoder.parameters()]
        for encoder in encoders_of(text)
    )
    assert all(grad is None or not grad.any() for grad in own)
    assert any(grad is not None and grad.any() for grad in other)


@pytest.mark.slow
def test_the_penalty_keeps_them_near(base: BaseModel, tmp_path: Path) -> None:
    apart = []
    for weight in (1e-6, 10.0):
        settings = replace(SOFT, soft_sharing=weight)
        text = twin(base, tmp_path, settings)
        model = classifier_on(text, len(LABELS), len(TOPICS))
        fit_heads(model, text.pool_once(TEXTS, MAX_TOKENS), EXAMPLES, settings)
        tune(model, EXAMPLES, settings, Silent())
        text.transformer.requires_grad_(True)
        apart.append(text.apart().item())
    assert 0.0 < apart[1] < apart[0]


@pytest.mark.parametrize("method", slow_but(["full", "lora"], "full"))
def test_the_graph_holds_both_and_serves_like_any_other(
    method: Method, base: BaseModel, tmp_path: Path
) -> None:
    settings = replace(SOFT, method=method)
    text = twin(base, tmp_path, settings)
    model = classifier_on(text, len(LABELS), len(TOPICS))
    assert tune(model, EXAMPLES, settings, Silent())
    model.save(tmp_path)
    export_graphs(model, tmp_path)
    fields = {"temperatures": {"labels": 1.0, "topics": 1.0}, "thresholds": {}}
    manifest = write_manifest(tmp_path, labels=LABELS, topics=TOPICS, **fields)
    artifact = Artifact(tmp_path, manifest)
    for found, expected in zip(
        OnnxClassifier(artifact, "fp32").logits(TEXTS), model.logits(TEXTS), strict=True
    ):
        np.testing.assert_allclose(found, expected, atol=1e-4)
    with pytest.raises(ArtifactMissing, match="engine `onnx`"):
        TorchClassifier(artifact)


def test_students_of_fewer_layers_have_fewer_in_both(base: BaseModel, tmp_path: Path) -> None:
    text = twin(base, tmp_path)
    as_deep_as_asked(text, Distillation((), tmp_path, layers=1))
    assert [len(one.transformer.encoder.layer) for one in encoders_of(text)] == [1, 1]


@pytest.mark.parametrize(
    ("asked", "two_heads", "said"),
    [
        ({"soft_sharing": -1.0}, True, "drive both encoders apart"),
        ({}, False, "here is one head"),
        ({"method": "head"}, True, "do not learn from both heads"),
        ({"prune_heads": 0.5}, True, "leave out one of both"),
    ],
)
def test_what_cannot_be_shared_is_said(
    asked: dict[str, object], two_heads: bool, said: str, base: BaseModel, tmp_path: Path
) -> None:
    settings = replace(SOFT, **asked)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=said):
        read_by(base, tmp_path, settings, two_heads=two_heads)


def test_one_encoder_is_the_usual(base: BaseModel, tmp_path: Path) -> None:
    text = read_by(base, tmp_path, replace(SOFT, soft_sharing=0.0), two_heads=True)
    assert encoders_of(text) == [text]
    assert torch.is_tensor(text.pool_once(TEXTS[:1], MAX_TOKENS))
