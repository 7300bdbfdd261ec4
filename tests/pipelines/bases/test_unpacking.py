from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.bases.unpacking import unpacked


def test_a_model_is_written_once(tmp_path: Path) -> None:
    written: list[Path] = []

    def write(made: Path, work: Path) -> None:
        (work / "archive").write_text("aside")
        (made / "weights").write_text("model")
        written.append(made)

    place = tmp_path / "bases" / "model"
    for _ in range(2):
        assert unpacked(place, write) == place
    assert len(written) == 1
    assert [file.name for file in place.iterdir()] == ["weights"]


def test_of_a_model_that_cannot_be_written_whole_nothing_is_left(tmp_path: Path) -> None:
    def write(made: Path, work: Path) -> None:
        (made / "weights").write_text("half a model")
        raise OSError("the disk is full")

    place = tmp_path / "bases" / "model"
    with pytest.raises(OSError, match="full"):
        unpacked(place, write)
    assert list(place.parent.iterdir()) == []
    assert unpacked(place, lambda made, work: None) == place
