"""Tables as text: a heading with the columns' names, then a row each, in any dialect."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from textwire.rows.cells import Cells
from textwire.rows.columns import Columns
from textwire.rows.lines import read_lines
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.tables import find_heading, open_table

DELIMITERS = ",;\t|"
# So many lines tell the dialect.
SNIFFED_LINES = 60
# What Excel writes, and takes, before everything else.
_SEPARATOR = re.compile(r'^"?sep=(?P<delimiter>[^\r\n"])"?\s*$', re.IGNORECASE)


class Dialect(NamedTuple):
    """Which character stands between cells, and how many of them a row mostly has."""

    delimiter: str
    width: int


def read_csv(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each row below the heading; empty cells are left out.

    Raises: DataFileError: the file cannot be read as text, or its columns cannot fill a
            message.
    """
    lines = _Lines(read_lines(path, reading, newline=""))
    number = 1
    told = _SEPARATOR.match(lines.peek(1)[0])
    if told:
        next(lines)
        number += 1
    sample = lines.peek(SNIFFED_LINES)
    dialect = sniff(sample, columns, told["delimiter"] if told else DELIMITERS)
    table = open_table(str(path), _parse(lines, dialect, number), columns, reading)
    yield from table.read()


def sniff(lines: Sequence[str], columns: Columns, delimiters: str = DELIMITERS) -> Dialect:
    """The dialect under which the lines look most like a table with these columns.

    First by how many columns of a heading are known; then by how many rows are as wide as it, or as
    most are.
    """

    def fitness(delimiter: str) -> tuple[int, float, int]:
        rows = _lenient(lines, delimiter)
        place = find_heading(rows, columns)
        heading = None if place is None else rows[place]
        width = len(heading) if heading else _usual_width(rows)
        if width < 2 and heading is None:
            return 0, 0.0, width
        known = len(columns.match(heading).columns) if heading else 0
        alike = sum(len(row) == width for row in rows)
        return known, alike / max(1, len(rows)), width

    best = max(delimiters, key=fitness)
    return Dialect(best, fitness(best)[2])


def _lenient(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows that can be read, without those that are blank or cut off."""
    reader = csv.reader(iter(lines), delimiter=delimiter)
    rows: list[list[str]] = []
    while True:
        try:
            row = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return rows
        except csv.Error:
            continue
        if any(row):
            rows.append(row)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0] if rows else 0


def _parse(lines: _Lines, dialect: Dialect, number: int) -> Iterator[Cells]:
    """The rows with the lines that they start on.

    A quote that is never closed swallows all rows below it, up to the end or the next quote. So
    where a row cannot be read, or its further lines are rows themselves, it costs its first line
    alone, and the reader goes on behind that.
    """
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    while True:
        lines.begin_row()
        try:
            row = Cells(number, next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            why = f"it cannot be read as a table's row: {error}; is a quote left open?"
            row = Cells(number, (), why)
            lines.give_back()
        else:
            if _swallowed(row, lines.row, dialect):
                row = Cells(number, (), "a quote is left open in it")
                lines.give_back()
        yield row
        number += len(lines.row)


def _swallowed(row: Cells, lines: Sequence[str], dialect: Dialect) -> bool:
    if len(lines) < 3 or len(row.cells) == dialect.width:
        return False
    inner = _lenient(lines[1:], dialect.delimiter)
    return sum(len(cells) == dialect.width for cells in inner) > len(inner) / 2


class _Lines:
    """Lines that can be looked at before they are taken, and given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: deque[str] = deque()
        self.row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self.row.append(line)
        return line

    def peek(self, count: int) -> list[str]:
        """The next lines, fewer where there are no more."""
        self._waiting.extend(islice(self._lines, count - len(self._waiting)))
        return list(islice(self._waiting, count))

    def begin_row(self) -> None:
        """Forget what was taken."""
        self.row = []

    def give_back(self) -> None:
        """All lines since the row began, but the first."""
        self._waiting.extendleft(reversed(self.row[1:]))
        del self.row[1:]
