"""Excel workbooks: a table on each sheet, its cells as people see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.xml.functions import iterparse

from textwire.errors import DataFileError
from textwire.rows.bounds import check_archive, check_whole_size
from textwire.rows.cells import Cells
from textwire.rows.columns import Columns
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.tables import Table, open_table

# Further cells of a merged range are filled for so many rows; a merged column is a decoration.
MOST_MERGED_ROWS = 10_000
_SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Merged(NamedTuple):
    """Cells that are shown as one: columns and rows from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int


def read_xlsx(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each row below the heading of each visible sheet that is a table with one.

    Formulas give the value that was last computed; merged cells each have what is shown in them.

    Raises: DataFileError: the file is no workbook, or no sheet's columns can fill a message.
    """
    check_whole_size(path)
    check_archive(path, "Excel workbook")
    try:
        merged = _merged_cells(path)
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            yield from _read_book(path, book, merged, columns, reading)
    except DataFileError:
        raise
    # Whatever is wrong inside of a file that others wrote: openpyxl lets through what zlib, the XML
    # parser and Python raise.
    except Exception as error:
        raise DataFileError(
            f"{path} cannot be read as an Excel workbook: {error or type(error).__name__}."
        ) from error
    reading.advance(path.stat().st_size)


def _read_book(
    path: Path, book: Any, merged: Mapping[str, list[Merged]], columns: Columns, reading: Reading
) -> Iterator[Row | BadRow]:
    refused: list[DataFileError] = []
    tables = 0
    for sheet in book.worksheets:
        what = f"{path}, sheet `{sheet.title}`"
        if sheet.sheet_state != "visible":
            reading.tell(f"{what} is hidden and was passed over.")
            continue
        try:
            table = _open_sheet(what, sheet, merged.get(sheet.title, []), columns, reading)
        except DataFileError as error:
            refused.append(error)
            continue
        if table is not None:
            tables += 1
            yield from table.read(f"sheet `{sheet.title}`, row {{line}}")
    if refused and not tables:
        raise DataFileError("\n".join(map(str, refused)))
    for reason in refused:
        reading.tell(f"Passed over, since it is no table that can be used: {reason}")


def _open_sheet(
    what: str, sheet: Any, merged: list[Merged], columns: Columns, reading: Reading
) -> Table | None:
    # Some programs write a size that is too small, and only so much would be read.
    sheet.reset_dimensions()
    rows = _rows(sheet, merged)
    first = next((row for row in rows if not row.is_blank), None)
    if first is None:
        return None
    return open_table(what, _chained(first, rows), columns, reading)


def _chained(first: Cells, rows: Iterator[Cells]) -> Iterator[Cells]:
    yield first
    yield from rows


def _rows(sheet: Any, merged: list[Merged]) -> Iterator[Cells]:
    by_row: dict[int, list[Merged]] = {}
    for cells in merged:
        for number in range(cells.top, min(cells.bottom, cells.top + MOST_MERGED_ROWS) + 1):
            by_row.setdefault(number, []).append(cells)
    shown: dict[Merged, str] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        texts = [_as_text(cell) for cell in row]
        for cells in by_row.get(number, ()):
            _fill(texts, cells, number, shown)
        errors = [cell.value for cell in row if cell.data_type == "e"]
        is_lost = bool(errors) and not any(text.strip() for text in texts)
        yield Cells(number, texts, f"a cell holds the error {errors[0]}" if is_lost else "")


def _fill(texts: list[str], cells: Merged, number: int, shown: dict[Merged, str]) -> None:
    """Put what is shown into every cell of a row that is part of a merged range.

    Over several columns it is the title of a group or of the sheet: it stays in the first.
    """
    if number == cells.top:
        shown[cells] = texts[cells.left - 1] if cells.left <= len(texts) else ""
        return
    if cells.left == cells.right and any(text.strip() for text in texts):
        texts.extend([""] * (cells.left - len(texts)))
        texts[cells.left - 1] = texts[cells.left - 1] or shown.get(cells, "")


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type == "e":  # such as #REF!
        return ""
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return str(value)


def _number(value: float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{round(value * 100, 6):.15g}%"
    return f"{value:.15g}"


def unescaped(text: str) -> str:
    """A text whose characters that XML cannot hold stand as `_x0007_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _merged_cells(path: Path) -> dict[str, list[Merged]]:
    """The merged cells of each sheet, which openpyxl tells only of a workbook held as a whole."""
    merged: dict[str, list[Merged]] = {}
    with ZipFile(path) as book:
        members = set(book.namelist())
        links = _links(book)
        for sheet in _elements(book, "xl/workbook.xml", f"{_SHEETS}sheet", members):
            member = links.get(sheet.get(f"{_LINKS}id"), "")
            found = _elements(book, member, f"{_SHEETS}mergeCell", members)
            merged[sheet.get("name")] = [Merged(*range_boundaries(one.get("ref"))) for one in found]
    return merged


def _links(book: ZipFile) -> dict[str, str]:
    """The sheets' files by the ids that the workbook names them with."""
    links = {}
    name = "xl/_rels/workbook.xml.rels"
    for link in _elements(book, name, None, set(book.namelist())):
        if target := link.get("Target"):
            is_absolute = target.startswith("/")
            place = PurePosixPath(target.lstrip("/") if is_absolute else f"xl/{target}")
            links[link.get("Id")] = str(place)
    return links


def _elements(book: ZipFile, member: str, tag: str | None, members: set[str]) -> Iterator[Any]:
    if member not in members:
        return
    with book.open(member) as file:
        for _, element in iterparse(file):
            if tag is None or element.tag == tag:
                yield element
            elif element.tag == f"{_SHEETS}row":
                element.clear()
