from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.rows.reading import rows_of
from textwire.errors import DataFileError
from textwire.rows.lines import read_lines
from textwire.rows.row import Reading

ROWS = '{"id": "a", "text": "Straße"}\n{"id": "b", "text": "two"}\n'


def gzipped(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(gzip.compress(text.encode(encoding)))
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl.gz", ROWS),
        ("a.json.gz", ROWS),
        ("a.JSON.GZ", f"[{ROWS.strip().replace(chr(10), ',')}]"),
        ("a.csv.gz", "id,text\na,Straße\nb,two\n"),
        ("a.tsv.gz", "id\ttext\na\tStraße\nb\ttwo\n"),
    ],
)
def test_a_packed_file_is_read_as_what_is_in_it(tmp_path: Path, name: str, text: str) -> None:
    plain = tmp_path / name[:-3]
    plain.write_text(text, encoding="utf-8")
    rows = rows_of(gzipped(tmp_path / name, text))
    assert [row.fields["text"] for row in rows] == ["Straße", "two"]
    assert rows == rows_of(plain)


def test_the_encoding_of_what_is_packed_is_recognised(tmp_path: Path) -> None:
    words = "Größe, Öl, Käse, Grüße, Übergröße, Straße, für, über, schön"
    path = gzipped(tmp_path / "a.csv.gz", f"id;text\na;{words}\n", "cp1252")
    assert [row.fields["text"] for row in rows_of(path)] == [words]


def test_progress_counts_the_bytes_of_the_packed_file(tmp_path: Path) -> None:
    path = gzipped(tmp_path / "a.csv.gz", "id,text\n" + "a,b\n" * 1_000)
    counted: list[int] = []
    assert len(list(read_lines(path, Reading(counted.append)))) == 1_001
    assert sum(counted) == path.stat().st_size


def test_a_packed_file_that_is_cut_off_or_none_is_told(tmp_path: Path) -> None:
    path = gzipped(tmp_path / "a.jsonl.gz", ROWS * 100)
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(DataFileError, match="cannot be unpacked"):
        rows_of(path)
    path.write_text(ROWS, encoding="utf-8")
    with pytest.raises(DataFileError, match="cannot be unpacked: Not a gzipped file"):
        rows_of(path)


def test_what_is_packed_without_saying_so_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"packed by gzip, and such names end in \.gz"):
        rows_of(gzipped(tmp_path / "a.jsonl", ROWS))


def test_a_form_that_is_not_text_is_not_read_packed(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"of packed files, \.jsonl.* are read"):
        rows_of(gzipped(tmp_path / "a.xlsx.gz", "x"))


def test_a_bomb_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id,text\n" + b"a" * 40_000_000))
    with pytest.raises(DataFileError, match="unpacks to more than 200 times its size"):
        rows_of(path)
