"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from textwire.errors import DataFileError
from textwire.rows.columns import Columns
from textwire.rows.csv import read_csv
from textwire.rows.jsonl import read_jsonl
from textwire.rows.lines import check_file
from textwire.rows.markdown import read_markdown
from textwire.rows.parquet import read_parquet
from textwire.rows.row import Advance, BadRow, Row, unwatched


class Reader(Protocol):
    """Reads one form of file."""

    def __call__(
        self, path: Path, columns: Columns, advance: Advance = ...
    ) -> Iterator[Row | BadRow]:
        """A row, or what is wrong with it, for each row of the file."""
        ...


READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".md": read_markdown,
    ".markdown": read_markdown,
}


def read_rows(path: Path, columns: Columns, advance: Advance = unwatched) -> Iterator[Row | BadRow]:
    """The rows of a file, by the form that its name's ending says.

    Raises: DataFileError: the file or its form cannot be read.
    """
    check_file(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataFileError(
            f"{path} ends in neither of {', '.join(READERS)}, so its form is not known. "
            "Convert or rename it."
        )
    return reader(path, columns, advance)
