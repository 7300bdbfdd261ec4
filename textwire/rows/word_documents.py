"""Word documents, by python-docx of the extra `documents`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textwire.errors import DataFileError
from textwire.rows.bounds import check_archive, check_whole_size
from textwire.rows.cells import Cells
from textwire.rows.columns import Columns
from textwire.rows.document_library import document_library
from textwire.rows.markdown import refuse_mapping
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.sections import Block, Section, section_rows
from textwire.rows.tables import open_table

# Lines are numbered through the document: each table has so many numbers.
LINES_OF_A_TABLE = 1_000_000
# A longer paragraph in bold letters is emphasis, and no heading.
LONGEST_BOLD_HEADING_CHARS = 150
_HEADING_STYLE = re.compile(r"(?:Heading|Überschrift|标题)\s*(?P<level>[1-9])|Title|Titel")
_BULLET = re.compile(r"^\s*(?:[•●▪‣◦·–*-]|\d{1,3}[.)])\s+")
Table = list[list[str]]


def read_docx(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each section, or part of a long one; tables of questions and answers by rows.

    Raises: DataFileError: the extra is not installed; the file is no Word document.
    """
    parts = _read_parts(path)
    reading.advance(path.stat().st_size)
    outline = _Outline(path.stem)
    for number, (level, held) in enumerate(parts, start=1):
        if isinstance(held, list):
            rows = _table_rows(path, number, held, columns, reading)
            if rows is None:
                outline.add_table(number, held)
            else:
                yield from rows
        elif level:
            outline.begin_section(level, held)
        else:
            outline.add_paragraph(number, held)
    if columns.by_field and not any(isinstance(held, list) for _, held in parts):
        refuse_mapping(path, columns, "a Word document without tables")
    yield from section_rows(outline.sections, "paragraph {line}")


class _Outline:
    """The sections of a document, as its parts come."""

    def __init__(self, top: str) -> None:
        """`top`: what stands over text before the first heading."""
        self.sections = [Section((top,), [])]
        self._headings: list[tuple[int, str]] = []

    def begin_section(self, level: int, heading: str) -> None:
        """A heading, below those of lower levels."""
        self._headings = [kept for kept in self._headings if kept[0] < level]
        self._headings.append((level, heading))
        self.sections.append(Section(tuple(heading for _, heading in self._headings), []))

    def add_paragraph(self, number: int, text: str) -> None:
        """Text; an item belongs close to the one before."""
        blocks = self.sections[-1].blocks
        before = blocks[-1].text if blocks else ""
        blocks.append(Block(number, text, bool(_BULLET.match(text) and _BULLET.match(before))))

    def add_table(self, number: int, table: Table) -> None:
        """A table that is read as text, a line a row."""
        told = "\n".join(" | ".join(filter(None, row)) for row in table)
        if told.strip(" |\n"):
            self.sections[-1].blocks.append(Block(number, told))


def _read_parts(path: Path) -> list[tuple[int, str | Table]]:
    check_whole_size(path)
    docx: Any = document_library("docx", path)
    check_archive(path, "Word document")
    try:
        return list(_parts_of(docx.Document(str(path))))
    except Exception as error:
        raise DataFileError(f"{path} cannot be read as a Word document: {error!r}.") from error


def _parts_of(document: Any) -> Iterator[tuple[int, str | Table]]:
    """Headings with their levels, paragraphs with 0, and tables as rows of cells."""
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            yield 0, [[cell.text.strip() for cell in row.cells] for row in part.rows]
            continue
        text = part.text.strip()
        if text:
            style = part.style.name if part.style is not None else ""
            level = _level_of(style or "", part, text)
            is_item = not level and "List" in (style or "") and not _BULLET.match(text)
            yield level, f"- {text}" if is_item else text


def _level_of(style: str, paragraph: Any, text: str) -> int:
    if found := _HEADING_STYLE.match(style):
        return int(found["level"] or 1) + 1 if found["level"] else 1
    # Who knows no styles makes headings bold.
    runs = [run for run in paragraph.runs if run.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs)
    return 9 if is_bold and len(text) <= LONGEST_BOLD_HEADING_CHARS else 0


def _table_rows(
    path: Path, number: int, held: Table, columns: Columns, reading: Reading
) -> list[Row | BadRow] | None:
    if not held or not columns.fits(held[0]):
        return None
    what = f"{path}, the table at paragraph {number:,}"
    cells = (Cells(place, row) for place, row in enumerate(held, start=1))
    rows = open_table(what, cells, columns, reading).read()
    return [
        row._replace(
            line=number * LINES_OF_A_TABLE + row.line,
            where=f"the table at paragraph {number:,}, row {row.line:,}",
        )
        for row in rows
    ]
