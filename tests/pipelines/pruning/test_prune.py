"""A model without some heads and layers: what goes, and that it is smaller wherever it serves."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from pipelines.classify.pipeline import pipeline
from pipelines.classify.settings import ClassifySettings
from pipelines.losses.contrastive import info_nce
from pipelines.pruning.importance import measure_importance
from pipelines.pruning.prune import fit_and_prune, require_prunable
from pipelines.running.training_spec import Settings
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import PairBatch
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import schedule_of
from pipelines.training.text_model import TextModel
from pipelines.training_data.own_file import NoSamples
from pipelines.tuning.methods import choose_trainable, merged
from tests.pipelines.tuning.test_methods import OF_TORCH, Silent
from tests.slow_params import slow_but
from tests.tiny_models import MAX_TOKENS, write_manifest
from textwire.errors import SettingsError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.pruned_heads import heads_of, keep_heads
from textwire.models.engines.quantising import quantise
from textwire.models.engines.torch import TorchEncoder

TEXTS = ["my card is lost", "pay the fee", "parcel late", "open a loan"]
BATCH = PairBatch(TEXTS, ["card", "fees", "order", "loan"], [0, 1, 2, 3])


class Recipe(Settings):
    learning_rate = 1e-3


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextModel:
    return TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS)


def loss_of(model: TextModel, batch: PairBatch) -> torch.Tensor:
    return info_nce(model, batch, 0.05, MAX_TOKENS)


def learn(model: TextModel, recipe: Settings) -> list[float]:
    def fit(settings: Settings, run: TrainingRun) -> list[float]:
        choose_trainable(model, settings.method, settings.frozen_layers)
        schedule = schedule_of(settings)  # type: ignore[arg-type]
        losses = fine_tune(model, lambda: [BATCH], loss_of, schedule, Silent(), run=run)
        merged(model)
        return losses

    return fit_and_prune(model, model, recipe, fit, lambda: [BATCH], loss_of, UNKEPT)


def served(model: TextModel, folder: Path) -> Artifact:
    folder.mkdir(exist_ok=True)
    shutil.copy(folder.parent / "tokenizer.json", folder)
    model.save(folder)
    model.export(folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model.int8.onnx")
    return Artifact(folder, write_manifest(folder))


def size_of(artifact: Artifact, name: str) -> int:
    return artifact.file(name).stat().st_size


def test_a_head_that_adds_nothing_counts_nothing(model: TextModel) -> None:
    with torch.no_grad():
        ending = model.transformer.encoder.layer[1].attention.output.dense
        ending.weight[:, :16] = 0.0  # of the first head of two
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    importance = measure_importance(model, model.transformer, loss_of, [BATCH])
    assert importance.heads[1][0] == 0.0
    np.testing.assert_allclose([np.linalg.norm(of) for of in importance.heads], 1.0)
    assert (importance.layers > 0).all()
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())
    assert not model.transformer.encoder.layer[0]._forward_hooks


def test_taking_out_a_head_that_adds_nothing_changes_nothing(model: TextModel) -> None:
    with torch.no_grad():
        model.transformer.encoder.layer[0].attention.output.dense.weight[:, 16:] = 0.0
    before = model.encode(TEXTS)
    keep_heads(model.transformer, {0: [0]})
    assert heads_of(model.transformer) == [1, 2]
    np.testing.assert_allclose(model.encode(TEXTS), before, atol=1e-6)


@pytest.mark.parametrize("method", slow_but(["full", "lora"], "full"))
def test_what_was_pruned_learns_on_and_is_smaller_and_the_same_in_every_engine(
    method: str, model: TextModel, tmp_path: Path
) -> None:
    whole = served(model, tmp_path / "whole")
    recipe = replace(Recipe(), method=method, epochs=2, prune_heads=0.5, prune_epochs=2)  # type: ignore[arg-type]
    assert len(learn(model, recipe)) == 4
    assert heads_of(model.transformer) == [1, 1]
    assert not model.adapters
    learned = model.encode(TEXTS)
    artifact = served(model, tmp_path / "pruned")
    np.testing.assert_allclose(OnnxEncoder(artifact, "fp32").encode(TEXTS), learned, atol=1e-4)
    np.testing.assert_allclose(TorchEncoder(artifact).encode(TEXTS), learned, atol=OF_TORCH)
    for name in ("model.onnx", "model.int8.onnx", "model.safetensors"):
        assert size_of(artifact, name) < size_of(whole, name)


def test_a_pruned_model_is_a_base_and_can_be_pruned_again(model: TextModel, tmp_path: Path) -> None:
    learn(model, replace(Recipe(), epochs=1, prune_heads=0.25, prune_epochs=0))
    folder = served(model, tmp_path / "once").path
    again = TextModel(BaseModel("pruned", folder), tmp_path, MAX_TOKENS)
    assert heads_of(again.transformer) == heads_of(model.transformer)
    np.testing.assert_allclose(again.encode(TEXTS), model.encode(TEXTS), atol=1e-5)
    learn(again, replace(Recipe(), epochs=1, prune_layers=1, prune_heads=0.5, prune_epochs=0))
    folder = served(again, tmp_path / "twice").path
    twice = TextModel(BaseModel("pruned", folder), tmp_path, MAX_TOKENS)
    assert heads_of(twice.transformer) == [1]
    np.testing.assert_allclose(twice.encode(TEXTS), again.encode(TEXTS), atol=1e-5)


@pytest.mark.slow
def test_a_layer_goes_and_any_program_can_load_what_is_left(
    model: TextModel, tmp_path: Path
) -> None:
    learn(model, replace(Recipe(), epochs=1, prune_layers=1))
    artifact = served(model, tmp_path / "shallow")
    loaded = AutoModel.from_pretrained(artifact.path)
    assert len(loaded.encoder.layer) == loaded.config.num_hidden_layers == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"prune_heads": 1.0}, "from 0 to below 1"),
        ({"prune_layers": -1}, "whole numbers"),
        ({"prune_layers": 2}, "0 to 1 can go"),
        ({"prune_layers": 1, "method": "prompt"}, "full, frozen, lora or few-shot"),
        ({"prune_layers": 1, "method": "frozen", "frozen_layers": 1}, "would freeze all 1"),
    ],
)
def test_what_cannot_be_taken_out_is_said(
    asked: dict[str, object], said: str, model: TextModel
) -> None:
    with pytest.raises(SettingsError, match=said):
        require_prunable(model.transformer, replace(Recipe(), **asked))  # type: ignore[arg-type]


def test_a_head_on_the_frozen_model_is_not_pruned_in_silence() -> None:
    settings = ClassifySettings(method="head", prune_layers=1)
    with pytest.raises(SettingsError, match="By --method head the layers do not learn"):
        pipeline.spec(NoSamples("Classes", "run"), settings)


def test_a_model_of_another_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match="no layers of BERT's kind"):
        require_prunable(torch.nn.Linear(2, 2), replace(Recipe(), prune_heads=0.5))
