"""HTML pages: sections under headings, and questions with their answers where marked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from textwire.rows.columns import Columns
from textwire.rows.lines import read_text
from textwire.rows.markdown import refuse_mapping
from textwire.rows.markup import MarkupBlock, read_page
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.sections import Block, Section, section_rows


def read_html(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each section, or part of a long one; one for each marked question.

    Questions are what `<summary>` and `<dt>` hold, and headings that end with a question mark.

    Raises: DataFileError: the file cannot be read as text, or columns are named.
    """
    refuse_mapping(path, columns, "HTML")
    page = read_page(read_text(path, reading))
    yield from section_rows(page_sections(page.blocks, page.title or path.stem))


def page_sections(blocks: Iterable[MarkupBlock], top: str) -> list[Section]:
    """Sections in their order.

    Args: top: the title of what stands before the first heading.
    """
    sections = [Section((top,), [])]
    levels: list[tuple[int, str]] = []
    before: MarkupBlock | None = None
    for block in blocks:
        headings = tuple(heading for _, heading in levels) or (top,)
        if block.kind == "heading":
            levels = [kept for kept in levels if kept[0] < block.level]
            levels.append((block.level, " ".join(block.text.split())))
            sections.append(Section(tuple(heading for _, heading in levels), []))
        elif block.kind in ("question", "term"):
            asked = " ".join(block.text.split())
            if block.kind == "term" and before is not None and before.kind == "term":
                asked = f"{sections.pop().question} / {asked}"  # two terms, and one text for both
            sections.append(Section(headings, [], asked, block.line))
        elif block.kind == "end":
            sections.append(Section(headings, []))
        else:
            is_item = block.kind == "item"
            loose = is_item and before is not None and before.kind == "item"
            text = f"- {block.text}" if is_item else block.text
            sections[-1].blocks.append(Block(block.line, text, loose))
        before = block
    return sections
