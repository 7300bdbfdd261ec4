"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from textwire.errors import DataFileError
from textwire.rows.columns import Columns
from textwire.rows.csv import read_csv
from textwire.rows.jsonl import read_json, read_jsonl
from textwire.rows.lines import check_file
from textwire.rows.packed import is_packed, open_bytes, unpacked_name
from textwire.rows.parquet import read_parquet
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row


class Reader(Protocol):
    """Reads one form of file."""

    def __call__(
        self, path: Path, columns: Columns, reading: Reading = ...
    ) -> Iterator[Row | BadRow]:
        """A row, or what is wrong with it, for each row of the file."""
        ...


READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".tab": read_csv,
    ".parquet": read_parquet,
}
# Imported where one is read: their libraries would cost every command a tenth of a second.
READERS_BY_NAME = {
    ".xlsx": ("xlsx", "read_xlsx"),
    ".xlsm": ("xlsx", "read_xlsx"),
    ".md": ("markdown", "read_markdown"),
    ".markdown": ("markdown", "read_markdown"),
    ".html": ("html", "read_html"),
    ".htm": ("html", "read_html"),
    ".pdf": ("pdf", "read_pdf"),
    ".docx": ("word_documents", "read_docx"),
}
ENDINGS = (*READERS, *READERS_BY_NAME)
# Forms of text: of these also what gzip has packed, such as `.jsonl.gz`.
PACKED = tuple(ending for ending in READERS if ending != ".parquet")
# Excel's "Unicode text" and many feeds are tables of that name.
AS_A_TABLE = "A table is read where it is named .csv, whatever parts its cells: rename it."
# What a file begins with says more than its name, where both differ.
BEGINNINGS = {
    b"PK\x03\x04": ("an archive, such as .xlsx and .docx", (".xlsx", ".xlsm", ".docx")),
    b"%PDF-": ("a PDF", (".pdf",)),
    b"PAR1": ("Parquet", (".parquet",)),
    b"\x1f\x8b": ("packed by gzip, and such names end in .gz", ()),
    b"\xd0\xcf\x11\xe0": ("of an old Office, such as .xls, or is protected by a password", ()),
}


def read_rows(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """The rows of a file, by the form that its name's ending says; texts may be packed by gzip.

    Raises: DataFileError: the file or its form cannot be read.
    """
    check_file(path)
    ending = unpacked_name(path).suffix.lower()
    if ending not in ENDINGS:
        raise DataFileError(
            f"{path} ends in neither of {', '.join(ENDINGS)}, so its form is not known. "
            + (AS_A_TABLE if ending == ".txt" else "Convert or rename it.")
        )
    if is_packed(path) and ending not in PACKED:
        raise DataFileError(
            f"{path} is packed; of packed files, {', '.join(PACKED)} are read. Unpack it."
        )
    _check_beginning(path, ending)
    return _reader(ending)(path, columns, reading)


def _reader(ending: str) -> Reader:
    if ending in READERS:
        return READERS[ending]
    module, name = READERS_BY_NAME[ending]
    reader: Reader = getattr(import_module(f"textwire.rows.{module}"), name)
    return reader


def _check_beginning(path: Path, ending: str) -> None:
    with open_bytes(path) as file:
        first = file.read(8)
    for beginning, (form, endings) in BEGINNINGS.items():
        if first.startswith(beginning) and ending not in endings:
            raise DataFileError(
                f"{path} is {form}, whatever its name says. Rename it, or save it as {ending}."
            )
