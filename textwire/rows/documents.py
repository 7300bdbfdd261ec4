"""PDF and Word documents, by the libraries of the extra `documents`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from textwire.errors import DataFileError
from textwire.rows.bounds import MIB, check_archive, check_whole_size
from textwire.rows.cells import Cells
from textwire.rows.columns import Columns
from textwire.rows.markdown import refuse_mapping
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.sections import LONGEST_PASSAGE_CHARS, Block, Section, section_rows
from textwire.rows.tables import open_table

MOST_PAGES = 5_000
# Lines are numbered through the file: each page, and each table, has so many numbers.
LINES_OF_A_PAGE = 1_000_000
# Of one page's instructions: drawings have more, and say nothing.
MOST_PAGE_BYTES = 16 * MIB
# Longer, and a line that ends with a question mark is the end of a paragraph.
LONGEST_QUESTION_CHARS = 150
_HEADING_STYLE = re.compile(r"(?:Heading|Überschrift|标题)\s*(?P<level>[1-9])|Title|Titel")
_BULLET = re.compile(r"^\s*(?:[•●▪‣◦·–*-]|\d{1,3}[.)])\s+")


def read_pdf(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each part of a page; a short line that asks is the question of what follows.

    Raises: DataFileError: the extra is not installed; the file is no PDF, encrypted, or has no
            text; columns are named.
    """
    refuse_mapping(path, columns, "PDF")
    check_whole_size(path)
    pypdf: Any = _library("pypdf", path)
    # Whatever is wrong inside of a file that others wrote: pypdf has errors of its own, and lets
    # those of Python through.
    try:
        pages = _read_pages(path, pypdf.PdfReader(path))
    except DataFileError:
        raise
    except Exception as error:
        raise DataFileError(f"{path} cannot be read as PDF: {error!r}.") from error
    reading.advance(path.stat().st_size)
    _tell_of_empty_pages(path, pages, reading)
    # A heading's text may go on on the next page, so pages are read as one.
    for row in section_rows(_pdf_sections(pages, path.stem)):
        page = row.line // LINES_OF_A_PAGE
        yield row._replace(where=f"page {page + 1:,}")


def read_docx(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each section, or part of a long one; tables of questions and answers by rows.

    Raises: DataFileError: the extra is not installed; the file is no Word document.
    """
    check_whole_size(path)
    docx: Any = _library("docx", path)
    check_archive(path, "Word document")
    try:
        parts = list(_docx_parts(docx.Document(str(path))))
    except Exception as error:
        raise DataFileError(f"{path} cannot be read as a Word document: {error!r}.") from error
    reading.advance(path.stat().st_size)
    sections = [Section((path.stem,), [])]
    levels: list[tuple[int, str]] = []
    for number, (level, held) in enumerate(parts, start=1):
        if isinstance(held, list):
            rows = _table_rows(path, number, held, columns, reading)
            if rows is None:
                told = "\n".join(" | ".join(filter(None, row)) for row in held)
                sections[-1].blocks.extend([Block(number, told)] if told.strip(" |\n") else [])
            else:
                yield from rows
        elif level:
            levels = [kept for kept in levels if kept[0] < level]
            levels.append((level, held))
            sections.append(Section(tuple(heading for _, heading in levels), []))
        else:
            before = sections[-1].blocks[-1].text if sections[-1].blocks else ""
            loose = bool(_BULLET.match(held) and _BULLET.match(before))
            sections[-1].blocks.append(Block(number, held, loose))
    if columns.by_field and not any(isinstance(held, list) for _, held in parts):
        refuse_mapping(path, columns, "a Word document without tables")
    yield from section_rows(sections, "paragraph {line}")


def _library(name: str, path: Path) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise DataFileError(
            f"{path}: PDF and Word documents are read with the extra `documents`, which is not "
            "installed: `pip install 'textwire[documents]'`. Or save the text as Markdown."
        ) from None


def _read_pages(path: Path, reader: Any) -> list[str]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise DataFileError(f"{path} is protected by a password. Save it without one.")
    if len(reader.pages) > MOST_PAGES:
        raise DataFileError(f"{path} has more than {MOST_PAGES:,} pages. Split it.")
    return [_page_text(page) for page in reader.pages]


def _page_text(page: Any) -> str:
    content = page.get_contents()
    if content is not None and len(content.get_data()) > MOST_PAGE_BYTES:
        return ""
    text: str = page.extract_text()
    return text.replace("\x00", "")


def _tell_of_empty_pages(path: Path, pages: list[str], reading: Reading) -> None:
    empty = [number for number, text in enumerate(pages, start=1) if not text.strip()]
    if len(empty) == len(pages):
        raise DataFileError(
            f"{path} has no text: its pages are pictures, such as scans. Have the text "
            "recognised (OCR) first."
        )
    if empty:
        shown = ", ".join(map(str, empty[:10])) + (" …" if len(empty) > 10 else "")
        reading.tell(f"{path}: {len(empty):,} pages have no text and were passed over: {shown}.")


def _pdf_sections(pages: Iterable[str], top: str) -> list[Section]:
    """Lines joined to paragraphs; where a paragraph ends can only be told from how lines end."""
    sections = [Section((top,), [])]
    for page, text in enumerate(pages):
        lines: list[str] = []
        begins = page * LINES_OF_A_PAGE
        for number, line in enumerate([*text.splitlines(), ""]):
            stripped = line.strip()
            asks = _is_question_line(stripped) and (
                not lines or lines[-1].endswith((".", "!", ":", "。", "！"))
            )
            full = sum(len(one) + 1 for one in lines) > LONGEST_PASSAGE_CHARS / 2
            if lines and (not stripped or asks or (full and lines[-1].endswith((".", "。")))):
                sections[-1].blocks.append(Block(begins, "\n".join(lines)))
                lines = []
            begins = begins if lines else page * LINES_OF_A_PAGE + number
            if asks:
                sections.append(Section((top,), [], stripped, begins))
            elif stripped:
                lines.append(stripped)
    return sections


def _is_question_line(line: str) -> bool:
    marked = re.match(r"^(?:Q|Question|Frage|问题?)\s*\d*\s*[:：.]", line, re.IGNORECASE)
    return line.endswith(("?", "？")) and len(line) <= LONGEST_QUESTION_CHARS and not marked


def _docx_parts(document: Any) -> Iterator[tuple[int, str | list[list[str]]]]:
    """Headings with their levels, paragraphs with 0, and tables as rows of cells."""
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            yield 0, [[cell.text.strip() for cell in row.cells] for row in part.rows]
            continue
        text = part.text.strip()
        if text:
            style = part.style.name if part.style is not None else ""
            level = _docx_level(style or "", part, text)
            is_item = not level and "List" in (style or "") and not _BULLET.match(text)
            yield level, f"- {text}" if is_item else text


def _docx_level(style: str, paragraph: Any, text: str) -> int:
    if found := _HEADING_STYLE.match(style):
        return int(found["level"] or 1) + 1 if found["level"] else 1
    # Who knows no styles makes headings bold.
    runs = [run for run in paragraph.runs if run.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs)
    return 9 if is_bold and len(text) <= LONGEST_QUESTION_CHARS else 0


def _table_rows(
    path: Path, number: int, held: list[list[str]], columns: Columns, reading: Reading
) -> list[Row | BadRow] | None:
    if not held or not columns.fits(held[0]):
        return None
    what = f"{path}, the table at paragraph {number:,}"
    cells = (Cells(place, row) for place, row in enumerate(held, start=1))
    rows = open_table(what, cells, columns, reading).read()
    return [
        row._replace(
            line=number * LINES_OF_A_PAGE + row.line,
            where=f"the table at paragraph {number:,}, row {row.line:,}",
        )
        for row in rows
    ]
