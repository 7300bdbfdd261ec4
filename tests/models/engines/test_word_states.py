"""Words in their context, out of the states of tokens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.measuring.engines import export_unregistered
from pipelines.training.text_model import TextModel
from tests.encoders import HashingEncoder, WordHashingEncoder
from tests.tiny_models import MAX_TOKENS, manifest_of
from textwire.errors import ArtifactCorrupt, ArtifactError
from textwire.models.base_model import BaseModel, find_base
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.tokenizing import TokenReader, WordRow
from textwire.models.engines.torch import TorchEncoder
from textwire.models.engines.word_states import WordEncoder, word_encoder, word_states

TEXTS = ["my card zzq is lost", "", "fee?", "where is my parcel and what did i pay " * 9]


@pytest.fixture(scope="module")
def engines(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, WordEncoder]:
    folder = tmp_path_factory.mktemp("states")
    base: BaseModel = find_base(str(tiny_base))
    model = TextModel(base, folder, MAX_TOKENS)
    model.gives_states = True
    model.save(folder)
    artifact = export_unregistered(model, base.name, folder, MAX_TOKENS, states=True)
    return {
        "trained": model,
        "onnx": OnnxEncoder(artifact, "fp32"),
        "torch": TorchEncoder(artifact),
    }


def test_a_word_is_the_mean_of_its_pieces_and_special_tokens_are_no_words() -> None:
    states = np.array([[9, 9], [2, 0], [0, 2], [0, 4], [9, 9]], dtype=np.float32)
    row = WordRow([2, 5, 6, 7, 3], firsts=[1, 3], ends=[3, 4], words=[(0, 4), (5, 8)])
    words, vectors = word_states("card fee", row, states)
    assert words == ["card", "fee"]
    np.testing.assert_allclose(vectors, [[0.5**0.5, 0.5**0.5], [0, 1]], atol=1e-6)


def test_a_word_knows_where_its_pieces_end(tiny_base: Path) -> None:
    (row,) = TokenReader(tiny_base / "tokenizer.json", MAX_TOKENS).read_words(["card zzq fee"])
    assert (row.firsts, row.ends) == ([1, 2, 5], [2, 5, 6])


def test_all_engines_give_the_same_words_and_states(engines: dict[str, WordEncoder]) -> None:
    of_each = {name: engine.encode_words(TEXTS)[1] for name, engine in engines.items()}
    for found in of_each.values():
        assert [one.words for one in found] == [one.words for one in of_each["trained"]]
        assert found[0].words == ["my", "card", "zzq", "is", "lost"]
        for one, other in zip(found, of_each["trained"], strict=True):
            np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-4)
            np.testing.assert_allclose(np.linalg.norm(one.vectors, axis=1), 1.0, atol=1e-5)


def test_a_batch_equals_its_texts_one_by_one(engines: dict[str, WordEncoder]) -> None:
    for engine in engines.values():
        _, together = engine.encode_words(TEXTS)
        for text, one in zip(TEXTS, together, strict=True):
            _, (alone,) = engine.encode_words([text])
            np.testing.assert_allclose(one.vectors, alone.vectors, atol=1e-4)


def test_with_words_or_without_the_vectors_are_the_same(engines: dict[str, WordEncoder]) -> None:
    expected = engines["trained"].encode(TEXTS)
    for engine in engines.values():
        np.testing.assert_allclose(engine.encode(TEXTS), expected, atol=1e-4)
        np.testing.assert_allclose(engine.encode_words(TEXTS)[0], expected, atol=1e-4)


def test_a_graph_with_states_that_its_manifest_does_not_tell_of_is_refused(
    tiny_base: Path, tmp_path: Path
) -> None:
    model = TextModel(find_base(str(tiny_base)), tmp_path, MAX_TOKENS)
    model.gives_states = True
    with pytest.raises(ArtifactCorrupt, match="states"):
        OnnxEncoder(export_unregistered(model, "tiny", tmp_path, MAX_TOKENS), "fp32")


def test_an_encoder_is_asked_for_words_where_its_model_gives_them(tmp_path: Path) -> None:
    without, with_states = manifest_of(tmp_path), manifest_of(tmp_path, states=True)
    encoder = WordHashingEncoder()
    assert word_encoder(encoder, without) is None
    assert word_encoder(encoder, with_states) is encoder
    with pytest.raises(ArtifactError, match="HashingEncoder does not give"):
        word_encoder(HashingEncoder(), with_states)
