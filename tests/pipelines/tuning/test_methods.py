"""What learns under each method, and what comes out of it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.losses.contrastive import info_nce
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import PairBatch
from pipelines.training.schedule import Schedule
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import (
    METHODS,
    OF_CLASSIFIERS,
    Method,
    choose_trainable,
    choose_trainable_layers,
    learning_rate,
    merged,
)
from tests.slow_params import slow_but
from tests.tiny_models import MAX_TOKENS, write_manifest
from textwire.errors import ArtifactMissing, DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.torch import TorchEncoder

TEXTS = ["my card is lost", "pay the fee", "parcel late", "open a loan"]
# On a GPU it serves in bf16.
OF_TORCH = 1e-2 if torch.cuda.is_available() else 1e-4
BATCH = PairBatch(TEXTS, ["card", "fees", "order", "loan"], [0, 1, 2, 3])


class Silent:
    def expect(self, steps: int) -> None: ...

    def advance(self) -> None: ...


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextModel:
    return TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS)


def trainable(model: TextModel) -> set[str]:
    return {name for name, weight in model.named_parameters() if weight.requires_grad}


def tune(model: TextModel, method: Method, steps: int = 8) -> list[float]:
    choose_trainable(model, method, frozen_layers=1)
    schedule = Schedule(steps, learning_rate(method, 1e-3))
    return fine_tune(
        model, lambda: [BATCH], lambda m, b: info_nce(m, b, 0.05, MAX_TOKENS), schedule, Silent()
    )


def test_full_leaves_only_the_words_vectors_as_they_are(model: TextModel) -> None:
    everything = trainable(model)
    choose_trainable(model, "full")
    assert everything - trainable(model) == {"transformer.embeddings.word_embeddings.weight"}


def test_a_head_is_a_matrix_that_changes_nothing_at_first(model: TextModel) -> None:
    before = model.encode(TEXTS)
    choose_trainable(model, "head")
    assert trainable(model) == {"projection.weight"}
    np.testing.assert_allclose(model.encode(TEXTS), before, atol=1e-6)


def test_lora_trains_adapters_alone_and_changes_nothing_at_first(model: TextModel) -> None:
    before = model.encode(TEXTS)
    choose_trainable(model, "lora")
    assert trainable(model)
    assert all("lora_" in name for name in trainable(model))
    np.testing.assert_allclose(model.encode(TEXTS), before, atol=1e-5)


OF_PAIRS = [method for method in METHODS if method not in OF_CLASSIFIERS]
IN_GRAPH: set[Method] = {"bottleneck", "prefix", "prompt"}


@pytest.mark.parametrize("method", slow_but(OF_PAIRS, "lora", "prefix"))
def test_each_method_learns_and_what_is_exported_is_what_was_learned(
    model: TextModel, method: Method, tmp_path: Path
) -> None:
    before = model.encode(TEXTS)
    losses = tune(model, method)
    assert losses[-1] < losses[0]
    learned = model.encode(TEXTS)
    assert np.abs(learned - before).max() > 1e-3
    merged(model)
    np.testing.assert_allclose(model.encode(TEXTS), learned, atol=1e-4)
    model.save(tmp_path)
    model.export(tmp_path / "model.onnx")
    artifact = Artifact(tmp_path, write_manifest(tmp_path))
    np.testing.assert_allclose(OnnxEncoder(artifact, "fp32").encode(TEXTS), learned, atol=1e-4)
    if method in IN_GRAPH:
        with pytest.raises(ArtifactMissing, match="engine `onnx`"):
            TorchEncoder(artifact)
    else:
        vectors = TorchEncoder(artifact).encode(TEXTS)
        np.testing.assert_allclose(vectors, learned, atol=OF_TORCH)


@pytest.mark.parametrize("method", OF_PAIRS)
def test_a_text_is_read_alike_alone_and_among_longer_ones(model: TextModel, method: Method) -> None:
    tune(model, method, 2)
    merged(model)
    together = model.encode(["pay", "my card is lost where is my card is it in the shop"])
    np.testing.assert_allclose(model.encode(["pay"])[0], together[0], atol=1e-5)


@pytest.mark.parametrize("method", slow_but(["lora", "adalora"], "lora"))
def test_what_travels_of_low_rank_methods_makes_the_same_weights(
    model: TextModel, method: Method
) -> None:
    before = {name: w.detach().numpy().copy() for name, w in model.transformer.named_parameters()}
    tune(model, method)
    merged(model)
    after = {name: w.detach().numpy() for name, w in model.transformer.named_parameters()}
    assert model.adapters
    for name, update in model.adapters.items():
        assert np.abs(after[name] - before[name]).max() > 1e-5
        np.testing.assert_allclose(update.applied_to(before[name]), after[name], atol=1e-5)


@pytest.mark.parametrize("method", ["bottleneck", "ia3", "prefix", "prompt", "adalora"])
def test_most_weights_stay_as_they_are(model: TextModel, method: Method) -> None:
    everything = sum(weight.numel() for weight in model.parameters())
    choose_trainable(model, method)
    learning = sum(w.numel() for w in model.parameters() if w.requires_grad)
    # A random model of 32 numbers a token: parts that are small beside 384 are not beside 32.
    assert 0 < learning < everything


@pytest.mark.parametrize("method", ["bottleneck", "ia3"])
def test_what_is_put_in_changes_nothing_at_first(model: TextModel, method: Method) -> None:
    before = model.encode(TEXTS)
    choose_trainable(model, method)
    np.testing.assert_allclose(model.encode(TEXTS), before, atol=1e-6)


def test_frozen_layers_stay_as_they_are(model: TextModel) -> None:
    choose_trainable(model, "frozen", 1)
    assert trainable(model)
    assert all(name.startswith("transformer.encoder.layer.1.") for name in trainable(model))
    with pytest.raises(DataError, match=r"has 2: give 0 to 1"):
        choose_trainable(model, "frozen", 2)


@pytest.mark.slow
def test_adaptive_ranks_are_cut_to_the_budget(model: TextModel) -> None:
    tune(model, "adalora", 40)
    merged(model)
    ranks = [update.down.shape[0] for update in model.adapters.values()]
    assert sum(ranks) <= 16 * len(ranks)
    assert len(set(ranks)) > 1


def test_methods_of_classifiers_are_refused_where_there_are_no_labels(model: TextModel) -> None:
    for method in OF_CLASSIFIERS:
        with pytest.raises(DataError, match="for tasks with labels"):
            choose_trainable(model, method)


def test_a_prompt_that_leaves_the_text_no_room_is_refused(tiny_base: Path, tmp_path: Path) -> None:
    full = TextModel(BaseModel("tiny", tiny_base), tmp_path, 64)
    with pytest.raises(DataError, match="set max_tokens=44 or less"):
        choose_trainable(full, "prompt")


def test_a_prefix_is_refused_where_the_base_takes_none(model: TextModel) -> None:
    model.transformer.config.model_type = "mpnet"
    with pytest.raises(DataError, match=r"peft .* which mpnet does not take in transformers"):
        choose_trainable_layers(model, "prefix")


def test_a_frozen_transformer_reads_each_text_once(model: TextModel) -> None:
    choose_trainable(model, "head")
    first = model.pool(TEXTS, MAX_TOKENS)
    with torch.no_grad():
        for weight in model.transformer.parameters():
            weight.zero_()
    torch.testing.assert_close(model.pool(TEXTS[::-1], MAX_TOKENS), first.flip(0))


def test_lora_says_when_there_is_no_linear_layer(model: TextModel) -> None:
    model.transformer = torch.nn.Sequential(torch.nn.LayerNorm(2))
    with pytest.raises(DataError, match="--method full"):
        choose_trainable(model, "lora")
