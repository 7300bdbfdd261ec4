"""A model that travels as adapters says, put together again, what torch's own merge says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable
from tests.models.shipped.travelling import exported, trained_by_lora
from tests.tiny_models import MAX_TOKENS
from textwire.errors import ArtifactCorrupt, ArtifactError
from textwire.models.artifacts.artifact import Artifact, open_artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.torch import TorchEncoder
from textwire.models.shipped.adapters import ADAPTERS_FILE, load_adapters, save_adapters
from textwire.models.shipped.assembling import assemble
from textwire.models.shipped.shipping import ship

TEXTS = ["my card is lost", "pay the fee", "parcel late, and nobody says why", "open a loan"]


@pytest.fixture
def base(tiny_base: Path) -> BaseModel:
    return BaseModel("tiny", tiny_base)


@pytest.fixture
def trained(base: BaseModel, tmp_path: Path) -> Artifact:
    """An encoder that learned by LoRA, as a pipeline writes it."""
    return trained_by_lora(base, tmp_path / "trained")


def shipped(artifact: Artifact, base: BaseModel, folder: Path) -> Artifact:
    folder.mkdir()
    ship(artifact, base, folder)
    return open_artifact(folder)


def assembled(travelling: Artifact, base: BaseModel, folder: Path) -> Artifact:
    folder.mkdir()
    return Artifact(folder, assemble(travelling, base, folder))


def test_it_says_what_torchs_own_merge_says(
    trained: Artifact, base: BaseModel, tmp_path: Path
) -> None:
    again = assembled(shipped(trained, base, tmp_path / "ship"), base, tmp_path / "again")
    expected = TorchEncoder(trained).encode(TEXTS)
    np.testing.assert_allclose(OnnxEncoder(again, "fp32").encode(TEXTS), expected, atol=2e-3)
    np.testing.assert_allclose(TorchEncoder(again).encode(TEXTS), expected, atol=2e-3)
    untrained = TextModel(base, tmp_path, MAX_TOKENS).encode(TEXTS)
    assert np.abs(untrained - expected).max() > 0.05  # the adapters are no small thing


def test_at_int8_it_is_as_near_as_the_artifact_was(
    trained: Artifact, base: BaseModel, tmp_path: Path
) -> None:
    again = assembled(shipped(trained, base, tmp_path / "ship"), base, tmp_path / "again")
    before, now = OnnxEncoder(trained).encode(TEXTS), OnnxEncoder(again).encode(TEXTS)
    assert (before * now).sum(axis=1).min() > 0.99


def test_only_what_was_learned_travels(trained: Artifact, base: BaseModel, tmp_path: Path) -> None:
    travelling = shipped(trained, base, tmp_path / "ship")
    assert set(travelling.manifest.files) == {
        "adapters.safetensors",
        "config.json",
        "probes.safetensors",
        "skeleton.onnx",
    }
    sizes = [sum(f.stat().st_size for f in a.path.iterdir()) for a in (travelling, trained)]
    assert sizes[0] < sizes[1] / 2


def test_what_was_put_together_can_travel_on(
    trained: Artifact, base: BaseModel, tmp_path: Path
) -> None:
    # As a champion does that came with the code and was calibrated anew.
    first = shipped(trained, base, tmp_path / "ship")
    again = shipped(assembled(first, base, tmp_path / "again"), base, tmp_path / "on")
    assert again.manifest.files.keys() == first.manifest.files.keys()
    adapters = [one.file(ADAPTERS_FILE).read_bytes() for one in (first, again)]
    assert adapters[0] == adapters[1]


def test_a_matrix_on_top_travels_with_the_graph(base: BaseModel, tmp_path: Path) -> None:
    folder = tmp_path / "head"
    folder.mkdir()
    model = TextModel(base, folder, MAX_TOKENS)
    choose_trainable(model, "head")
    torch.manual_seed(2)
    with torch.no_grad():
        for weight in model.projection.parameters():
            weight.add_(torch.randn_like(weight))
    artifact = exported(model, folder)
    again = assembled(shipped(artifact, base, tmp_path / "ship"), base, tmp_path / "again")
    expected = TorchEncoder(artifact).encode(TEXTS)
    np.testing.assert_allclose(OnnxEncoder(again, "fp32").encode(TEXTS), expected, atol=2e-3)


def test_what_was_tuned_in_full_does_not_travel(base: BaseModel, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    model = TextModel(base, folder, MAX_TOKENS)
    with torch.no_grad():
        next(iter(model.transformer.encoder.parameters())).add_(0.1)
    with pytest.raises(ArtifactError, match="--method lora"):
        shipped(exported(model, folder), base, tmp_path / "ship")


def test_another_base_is_refused(trained: Artifact, base: BaseModel, tmp_path: Path) -> None:
    travelling = shipped(trained, base, tmp_path / "ship")
    other = tmp_path / "other"
    other.mkdir()
    for file in base.folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    model = TextModel(BaseModel("other", other), tmp_path, MAX_TOKENS)
    with torch.no_grad():
        next(iter(model.transformer.encoder.parameters())).add_(0.1)
    model.transformer.save_pretrained(other)
    with pytest.raises(ArtifactCorrupt, match="learned on"):
        assembled(travelling, BaseModel("other", other), tmp_path / "again")


def test_a_graph_that_says_something_else_is_refused(
    trained: Artifact, base: BaseModel, tmp_path: Path
) -> None:
    travelling = shipped(trained, base, tmp_path / "ship")
    adapters = travelling.path / ADAPTERS_FILE
    wrong = {
        name: type(update)(-update.down, update.up)
        for name, update in load_adapters(adapters).items()
    }
    save_adapters(wrong, adapters)
    with pytest.raises(ArtifactCorrupt, match="says something else"):
        assembled(travelling, base, tmp_path / "again")
