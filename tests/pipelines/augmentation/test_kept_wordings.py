from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.augmentation.kept_wordings import TEXTS_AT_ONCE, KeptWordings
from textwire.errors import DataError


class Shouting:
    """Words every text in capitals, and remembers which."""

    name = "shouting-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def reword(self, texts: Sequence[str]) -> list[str]:
        self.asked += texts
        return [text.upper() for text in texts]


def test_each_text_is_worded_once_and_kept_for_the_next_run(tmp_path: Path) -> None:
    first, second = Shouting(), Shouting()
    assert KeptWordings(tmp_path, first).reword(["a", "b", "a"]) == ["A", "B", "A"]
    assert KeptWordings(tmp_path, second).reword(["b", "c"]) == ["B", "C"]
    assert (first.asked, second.asked) == (["a", "b"], ["c"])


def test_no_text_is_kept_but_what_it_was_worded_as(tmp_path: Path) -> None:
    KeptWordings(tmp_path, Shouting()).reword(["my secret"])
    assert "my secret" not in (tmp_path / "shouting-1.json").read_text()


def test_progress_is_told_as_often_as_was_said(tmp_path: Path) -> None:
    kept, texts, done = KeptWordings(tmp_path, Shouting()), [f"text {n}" for n in range(300)], []
    parts = kept.parts_of(texts)
    kept.reword(texts, lambda: done.append(1))
    assert len(done) == parts == -(-300 // TEXTS_AT_ONCE)
    assert kept.parts_of(texts) == 0


def test_a_damaged_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "shouting-1.json").write_text('{"half')
    with pytest.raises(DataError, match="is damaged"):
        KeptWordings(tmp_path, Shouting())
