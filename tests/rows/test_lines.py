from __future__ import annotations

from pathlib import Path

import pytest

from tests.rows.reading import rows_of
from textwire.errors import DataFileError
from textwire.rows.lines import read_lines


def test_progress_counts_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("é\n\nlast", encoding="utf-8")
    counted: list[int] = []
    assert list(read_lines(path, counted.append)) == ["é\n", "\n", "last"]
    assert sum(counted) == path.stat().st_size


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.md"])
def test_a_file_that_is_not_utf_8_names_the_line_and_the_byte(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b'text\n{"text": "caf\xe9"}\n')
    with pytest.raises(DataFileError, match="line 2 holds the byte 0xe9 at place 14"):
        rows_of(path)


def test_utf_16_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\nx\n", encoding="utf-16")
    with pytest.raises(DataFileError, match="iconv -f UTF-16 -t UTF-8"):
        rows_of(path)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="There is no file"):
        rows_of(tmp_path / "missing.csv")
    with pytest.raises(DataFileError, match="not a plain file"):
        rows_of(tmp_path)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.touch()
    with pytest.raises(DataFileError, match="is empty"):
        rows_of(path)


def test_an_unknown_form_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_text("x")
    with pytest.raises(DataFileError, match=r"ends in neither of \.jsonl"):
        rows_of(path)
