import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.encoders import HashingEncoder
from textwire.models.engines.cached import CachedEncoder
from textwire.results.memory import MemoryResults
from textwire.results.writes import Put

TEXTS = ["my card is lost", "what does a transfer cost", "close my account"]


def test_a_text_is_encoded_once_for_all_replicas() -> None:
    store, model = MemoryResults(), HashingEncoder()
    first, second = CachedEncoder(model, store), CachedEncoder(model, store)
    first.encode(TEXTS)
    second.encode([*TEXTS, "a new one"])
    assert model.encoded == [*TEXTS, "a new one"]


def test_a_vector_that_was_kept_equals_a_fresh_one() -> None:
    encoder = CachedEncoder(HashingEncoder(), MemoryResults())
    np.testing.assert_array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


def test_vectors_are_near_those_of_the_encoder() -> None:
    model = HashingEncoder()
    cached = CachedEncoder(model, MemoryResults()).encode(TEXTS)
    assert (cached * model.encode(TEXTS)).sum(axis=1).min() > 0.9999


def test_models_do_not_share_vectors() -> None:
    store = MemoryResults()
    CachedEncoder(HashingEncoder("one"), store).encode(TEXTS)
    other = HashingEncoder("two")
    CachedEncoder(other, store).encode(TEXTS)
    assert other.encoded == TEXTS


def test_a_value_of_another_size_is_made_anew() -> None:
    store, model = MemoryResults(), HashingEncoder()
    encoder = CachedEncoder(model, store)
    fresh = encoder.encode(TEXTS[:1])
    store.write([Put(encoder._key(TEXTS[0]), b"cut off")])
    np.testing.assert_array_equal(encoder.encode(TEXTS[:1]), fresh)
    assert model.encoded == [TEXTS[0]] * 2


def test_a_repeat_within_a_call_is_encoded_once() -> None:
    model = HashingEncoder()
    vectors = CachedEncoder(model, MemoryResults()).encode(["a card", "a fee", "a card"])
    assert model.encoded == ["a card", "a fee"]
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_more_texts_than_go_at_once_keep_their_order() -> None:
    texts = [f"text number {number}" for number in range(1_234)]
    model = HashingEncoder(dimension=512)
    cached = CachedEncoder(model, MemoryResults()).encode(texts)
    assert (cached * model.encode(texts)).sum(axis=1).min() > 0.999


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_text_can_be_kept(texts: list[str]) -> None:
    encoder = CachedEncoder(HashingEncoder(), MemoryResults())
    np.testing.assert_array_equal(encoder.encode(texts), encoder.encode(texts))
