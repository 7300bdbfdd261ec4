"""What learns under each method, and what comes out of it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.fine_tuning import Schedule, fine_tune, info_nce
from pipelines.methods import METHODS, Method, choose_trainable, learning_rate, merged
from pipelines.pair_batches import PairBatch
from pipelines.text_model import TextModel
from tests.tiny_models import MAX_TOKENS, write_manifest
from textwire.errors import DataError
from textwire.models.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.onnx import OnnxEncoder
from textwire.models.torch import TorchEncoder

TEXTS = ["my card is lost", "pay the fee", "parcel late", "open a loan"]
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
    choose_trainable(model, method)
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


@pytest.mark.parametrize("method", METHODS)
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
    for engine in (OnnxEncoder(artifact, "fp32"), TorchEncoder(artifact)):
        np.testing.assert_allclose(engine.encode(TEXTS), learned, atol=1e-4)


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
