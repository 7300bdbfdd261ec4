"""What a version has learned from stands beside it, and says what is new to it."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classification.examples import Examples
from pipelines.continual.learned_texts import (
    LEARNED_TEXTS_FILE,
    has_learned,
    save_learned_texts,
)
from pipelines.distillation.taught_examples import TaughtExamples, beside_unlabelled
from tests.tiny_models import manifest_of
from textwire.models.artifacts.artifact import Artifact


def version(folder: Path) -> Artifact:
    return Artifact(folder, manifest_of(folder))


def taught(known: list[bool]) -> TaughtExamples:
    size = len(known)
    examples = Examples(
        [f"text {place}" for place in range(size)],
        np.zeros(size, dtype=np.int64),
        np.zeros((size, 0), dtype=np.bool_),
        np.zeros(size, dtype=np.bool_),
    )
    soft = np.zeros((size, 2), dtype=np.float32)
    return replace(beside_unlabelled(examples, [], soft), known=np.array(known))


def test_texts_that_were_learned_are_known_and_others_are_new(tmp_path: Path) -> None:
    save_learned_texts(["a card", "a loan", "a card"], tmp_path)
    known = has_learned(version(tmp_path), ["a loan", "a wallet", "A card", "a card"])
    assert known.tolist() == [True, False, False, True]
    words = (tmp_path / LEARNED_TEXTS_FILE).read_bytes()
    assert b"card" not in words, "texts themselves do not travel"


def test_to_a_version_that_does_not_say_all_texts_are_new(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"graph")
    assert has_learned(version(tmp_path), ["a card"]).tolist() == [False]


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(0, 1))
def test_an_epoch_has_all_new_texts_and_a_part_of_the_known_ones(
    known: list[bool], rehearsed: float
) -> None:
    drawn = taught(known).drawn(rehearsed, random.Random(0))
    assert len(set(drawn)) == len(drawn)
    new = {place for place, is_known in enumerate(known) if not is_known}
    assert new <= set(drawn)
    assert len(drawn) == len(new) + round(rehearsed * (len(known) - len(new)))


def test_each_epoch_rehearses_others() -> None:
    rng = random.Random(0)
    epochs = [frozenset(taught([True] * 50).drawn(0.2, rng)) for _ in range(3)]
    assert len(set(epochs)) == 3
