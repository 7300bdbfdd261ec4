from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.recommendations.public.kept_vectors import PROBES, KeptVectors
from tests.encoders import HashingEncoder
from textwire.models.engines.encoder import Vectors

TEXTS = ["a kettle", "a tent", "a kettle", "the sea"]


class Counting(HashingEncoder):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += [text for text in texts if text not in PROBES]
        return super().encode(texts)


class Turned(Counting):
    """Another model: the same words get other vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.ascontiguousarray(np.roll(super().encode(texts), 1, axis=1))


def test_what_was_encoded_once_is_read_the_next_time(tmp_path: Path) -> None:
    first, again = Counting(), Counting()
    made = KeptVectors(first, tmp_path).encode(TEXTS)
    np.testing.assert_array_equal(made, HashingEncoder().encode(TEXTS))
    np.testing.assert_array_equal(KeptVectors(again, tmp_path).encode([*TEXTS, "new"])[:4], made)
    assert first.asked == ["a kettle", "a tent", "the sea"]
    assert again.asked == ["new"]


def test_another_model_never_gets_anothers_vectors(tmp_path: Path) -> None:
    KeptVectors(Counting(), tmp_path).encode(TEXTS)
    turned = Turned()
    np.testing.assert_array_equal(
        KeptVectors(turned, tmp_path).encode(TEXTS), Turned().encode(TEXTS)
    )
    assert len(turned.asked) == 3


def test_no_text_gives_no_vector_and_no_file(tmp_path: Path) -> None:
    assert len(KeptVectors(Counting(), tmp_path).encode([])) == 0
    assert not list(tmp_path.iterdir())
