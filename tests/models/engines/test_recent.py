import numpy as np

from tests.encoders import HashingEncoder
from textwire.models.engines.recent import RecentVectors


def test_a_text_that_was_read_lately_is_not_read_again() -> None:
    encoder = HashingEncoder()
    recent = RecentVectors(encoder)
    first = recent.encode(["a", "b", "a"])
    assert np.array_equal(recent.encode(["b", "a"]), first[[1, 0]])
    assert encoder.encoded == ["a", "b"]
    assert np.array_equal(first[0], first[2])


def test_the_oldest_are_forgotten() -> None:
    encoder = HashingEncoder()
    recent = RecentVectors(encoder, most_texts=2)
    recent.encode(["a", "b"])
    recent.encode(["a", "c"])
    recent.encode(["a", "b"])
    assert encoder.encoded == ["a", "b", "c", "b"]


def test_more_texts_than_it_remembers_are_read_all_the_same() -> None:
    assert RecentVectors(HashingEncoder(), most_texts=1).encode(["a", "b", "c"]).shape == (3, 64)
