"""Tables: a heading with the columns' names, then a row each; cells apart by comma, `;` or tab."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from textwire.errors import DataFileError
from textwire.rows.columns import Columns, listed
from textwire.rows.lines import read_lines
from textwire.rows.row import Advance, BadRow, Row, unwatched

DELIMITERS = ",;\t"


def read_csv(path: Path, columns: Columns, advance: Advance = unwatched) -> Iterator[Row | BadRow]:
    """A row for each row below the heading; empty cells are left out.

    Raises: DataFileError: the file cannot be read as text, or its columns cannot fill a
            message.
    """
    names, rows = _open(path, advance)
    columns.check(path, names)
    for line, cells in rows:
        if isinstance(cells, str):
            yield BadRow(line, cells)
        elif cells:
            yield _as_row(line, cells, names, columns)


def _open(path: Path, advance: Advance) -> tuple[list[str], Iterator[tuple[int, list[str] | str]]]:
    lines = read_lines(path, advance)
    heading = next(lines)
    rows = _parse(_chain(heading, lines), _delimiter(heading))
    _, names = next(rows)
    if isinstance(names, str):
        raise DataFileError(f"{path}: the heading cannot be read: {names}.")
    names = [name.strip() for name in names]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataFileError(
            f"{path} has more than one column {listed(repeated)}. Name each column once."
        )
    return names, rows


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(heading: str) -> str:
    return max(DELIMITERS, key=heading.count)


def _parse(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Cells of each row, or what is wrong with it, with the line it starts on."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"it cannot be read as a table's row: {error}; is a quote left open?"


def _as_row(line: int, cells: list[str], names: list[str], columns: Columns) -> Row | BadRow:
    if len(cells) != len(names):
        return BadRow(
            line,
            f"it has {len(cells)} cells and the heading has {len(names)}; "
            "a cell that holds the separator must stand in double quotes",
        )
    filled = {name: cell for name, cell in zip(names, cells, strict=True) if cell.strip()}
    missing = [name for name in columns.required if name not in columns.pick(filled)]
    if missing:
        return BadRow(line, f"`{missing[0]}` is empty")
    return Row(line, columns.pick(filled))
