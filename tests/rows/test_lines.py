from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.rows.reading import rows_of
from textwire.errors import DataFileError
from textwire.rows.lines import read_lines
from textwire.rows.row import Reading


def test_progress_counts_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("é\n\nlast", encoding="utf-8")
    counted: list[int] = []
    assert list(read_lines(path, Reading(counted.append))) == ["é\n", "\n", "last"]
    assert sum(counted) == path.stat().st_size


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


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xfe\xff"),
        ("a.csv", b"\xef\xbb\xbf"),
        ("a.jsonl", b"\xff\xfe"),
        ("a.csv.gz", gzip.compress(b"", mtime=0)),
    ],
)
def test_a_file_of_a_byte_order_mark_or_of_nothing_packed_is_empty_too(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="is empty"):
        rows_of(path)


def test_an_unknown_form_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    path.write_text("x")
    with pytest.raises(DataFileError, match=r"ends in neither of \.jsonl"):
        rows_of(path)


@pytest.mark.parametrize(
    ("name", "beginning", "told"),
    [
        ("a.csv", b"PK\x03\x04", "is an archive, such as .xlsx"),
        ("a.md", b"%PDF-1.7", "is a PDF"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "of an old Office"),
    ],
)
def test_a_file_under_a_wrong_name_is_told(
    tmp_path: Path, name: str, beginning: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(beginning + b"x" * 20)
    with pytest.raises(DataFileError, match=told):
        rows_of(path)
