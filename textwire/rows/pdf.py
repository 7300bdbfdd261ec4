"""PDF documents, by pypdf of the extra `documents`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from textwire.errors import DataFileError
from textwire.rows.bounds import MIB, check_whole_size
from textwire.rows.columns import Columns
from textwire.rows.document_library import document_library
from textwire.rows.markdown import refuse_mapping
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.sections import LONGEST_PASSAGE_CHARS, Block, Section, section_rows

MOST_PAGES = 5_000
# Lines are numbered through the file: each page has so many numbers.
LINES_OF_A_PAGE = 1_000_000
# Of one page's instructions: drawings have more, and say nothing.
MOST_PAGE_BYTES = 16 * MIB
# Longer, and a line that ends with a question mark is the end of a paragraph.
LONGEST_QUESTION_CHARS = 150
STOPS = (".", "。")


def read_pdf(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each part of a page; a short line that asks is the question of what follows.

    Raises: DataFileError: the extra is not installed; the file is no PDF, encrypted, or has no
            text; columns are named.
    """
    refuse_mapping(path, columns, "PDF")
    check_whole_size(path)
    pypdf: Any = document_library("pypdf", path)
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


class _Paragraphs:
    """Lines joined to paragraphs; where one ends can only be told from how lines end."""

    def __init__(self, top: str) -> None:
        self.sections = [Section((top,), [])]
        self._top = top
        self._lines: list[str] = []
        self._begins = 0  # the number of the first of these lines

    def take(self, line: str, number: int) -> None:
        """The next line, without the blanks around it; an empty one ends a paragraph."""
        asks = _is_question_line(line) and (not self._lines or self._ends((*STOPS, "!", ":", "！")))
        if not line or asks or (self._are_many() and self._ends(STOPS)):
            self.end()
        if not self._lines:
            self._begins = number
        if asks:
            self.sections.append(Section((self._top,), [], line, number))
        elif line:
            self._lines.append(line)

    def end(self) -> None:
        """What was joined is a paragraph."""
        if self._lines:
            self.sections[-1].blocks.append(Block(self._begins, "\n".join(self._lines)))
            self._lines = []

    def _ends(self, marks: tuple[str, ...]) -> bool:
        return bool(self._lines) and self._lines[-1].endswith(marks)

    def _are_many(self) -> bool:
        return sum(len(line) + 1 for line in self._lines) > LONGEST_PASSAGE_CHARS / 2


def _pdf_sections(pages: Iterable[str], top: str) -> list[Section]:
    """The paragraphs of all pages; none goes on from one page to the next."""
    paragraphs = _Paragraphs(top)
    for page, text in enumerate(pages):
        for number, line in enumerate(text.splitlines(), page * LINES_OF_A_PAGE):
            paragraphs.take(line.strip(), number)
        paragraphs.end()
    return paragraphs.sections


def _is_question_line(line: str) -> bool:
    marked = re.match(r"^(?:Q|Question|Frage|问题?)\s*\d*\s*[:：.]", line, re.IGNORECASE)
    return line.endswith(("?", "？")) and len(line) <= LONGEST_QUESTION_CHARS and not marked
