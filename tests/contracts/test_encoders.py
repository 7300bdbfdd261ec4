"""What every serving engine does."""

from collections.abc import Callable

import numpy as np
import pytest

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.encoder import Encoder
from textwire.models.engines.onnx import OnnxEncoder
from textwire.results.memory import MemoryResults

TEXTS = [
    "my card is lost",
    "how can i pay the fee for my new account ?",
    "parcel late",
    "why did the bank charge me twice , and when is the money in my account ?",
    "close it",
    "interest",
    "where is my order , it is not in the shop and not with you , can you return it ?",
]
# Cosine between a text's vectors alone and in a batch. int8 scales activations by batch.
TOLERANCE = {"int8": 0.97, "fp32": 0.99999, "torch": 0.99999, "cached": 0.99999}


def torch_encoder(artifact: Artifact) -> Encoder:
    from textwire.models.engines.torch import TorchEncoder

    return TorchEncoder(artifact)


ENGINES: dict[str, Callable[[Artifact], Encoder]] = {
    "int8": lambda artifact: OnnxEncoder(artifact, "int8"),
    "fp32": lambda artifact: OnnxEncoder(artifact, "fp32"),
    "torch": torch_encoder,
    "cached": lambda artifact: CachedEncoder(OnnxEncoder(artifact, "fp32"), MemoryResults()),
}


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def encoder(engine: str, tiny_artifact: Artifact) -> Encoder:
    return ENGINES[engine](tiny_artifact)


def test_a_vector_for_each_text_of_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_batch_gives_what_single_texts_give(encoder: Encoder, engine: str) -> None:
    batch = encoder.encode(TEXTS * 8)
    single = np.vstack([encoder.encode([text]) for text in TEXTS * 8])
    assert (batch * single).sum(axis=1).min() >= TOLERANCE[engine]


def test_the_nearest_text_is_the_same_in_a_batch_and_alone(encoder: Encoder) -> None:
    passages = encoder.encode(TEXTS)
    batch = encoder.encode([f"{text} please" for text in TEXTS])
    single = np.vstack([encoder.encode([f"{text} please"]) for text in TEXTS])
    assert ((batch @ passages.T).argmax(1) == (single @ passages.T).argmax(1)).all()


def test_the_order_of_texts_is_kept(encoder: Encoder, engine: str) -> None:
    forth, back = encoder.encode(TEXTS), encoder.encode(TEXTS[::-1])
    assert (forth * back[::-1]).sum(axis=1).min() >= TOLERANCE[engine]
    assert (forth[0] @ forth[1:].T).max() < TOLERANCE[engine]


def test_no_text_gives_no_vector(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert encoder.count_tokens([]) == []


def test_an_empty_text_and_odd_characters_have_vectors(encoder: Encoder) -> None:
    vectors = encoder.encode(["", " ", "\x00", "信用卡", "🙂", "card"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_very_long_text_is_cut_at_the_limit(encoder: Encoder) -> None:
    long, longer = "card " * 100 + "fee", "card " * 5_000 + "loan"
    np.testing.assert_allclose(*encoder.encode([long, longer]), atol=0.02)
    assert encoder.count_tokens([long, "card"]) == [32, 3]


def test_all_engines_agree(tiny_artifact: Artifact) -> None:
    vectors = {name: make(tiny_artifact).encode(TEXTS) for name, make in ENGINES.items()}
    for name in ENGINES:
        cosines = (vectors[name] * vectors["torch"]).sum(axis=1)
        assert cosines.min() >= TOLERANCE[name], name


def test_names_tell_versions_and_precisions_apart(tiny_artifact: Artifact) -> None:
    names = [make(tiny_artifact).name for make in ENGINES.values()]
    assert all("v1" in name for name in names)
    assert len(set(names)) == 3  # the cached one is the fp32 one
