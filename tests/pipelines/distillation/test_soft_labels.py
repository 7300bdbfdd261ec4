"""Soft labels on disk."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipelines.distillation.soft_labels import TEXTS_AT_ONCE, SoftLabelCache
from textwire.errors import DataError
from textwire.models.engines.encoder import Vectors


class Reader:
    """Says the length of a text, and remembers what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return np.array([[len(text), -len(text)] for text in texts], dtype=np.float32)


def test_a_text_is_read_once_by_a_teacher_also_in_another_run(tmp_path: Path) -> None:
    reader = Reader()
    first = SoftLabelCache(tmp_path, "a", 2).rows_of(["one", "three", "one"], reader)
    assert first.tolist() == [[3, -3], [5, -5], [3, -3]]
    again = SoftLabelCache(tmp_path, "a", 2).rows_of(["three", "seven!!", "one"], reader)
    assert again.tolist() == [[5, -5], [7, -7], [3, -3]]
    assert reader.read == ["one", "three", "seven!!"]


def test_another_teacher_is_asked_again(tmp_path: Path) -> None:
    reader = Reader()
    for teacher in ("a", "b"):
        SoftLabelCache(tmp_path, teacher, 2).rows_of(["one"], reader)
    assert reader.read == ["one", "one"]


def test_what_was_read_before_a_kill_is_kept(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(TEXTS_AT_ONCE + 5)]
    reader = Reader()

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SoftLabelCache(tmp_path, "a", 2).rows_of(texts, reader, killed)
    SoftLabelCache(tmp_path, "a", 2).rows_of(texts, reader)
    assert reader.read == texts


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    SoftLabelCache(tmp_path, "a", 2).rows_of(["one"], Reader())
    with pytest.raises(DataError, match="3 numbers a text"):
        SoftLabelCache(tmp_path, "a", 3)
    (tmp_path / "a.npz").write_bytes(b"no labels")
    with pytest.raises(DataError, match="Delete it"):
        SoftLabelCache(tmp_path, "a", 2)


def test_no_texts_have_no_rows(tmp_path: Path) -> None:
    assert SoftLabelCache(tmp_path, "a", 2).rows_of([], Reader()).shape == (0, 2)
