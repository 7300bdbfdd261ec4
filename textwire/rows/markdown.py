"""Markdown: every section under a heading is a passage, long ones split between blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from textwire.errors import DataFileError
from textwire.rows.columns import Columns
from textwire.rows.lines import read_text
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.sections import LONGEST_PASSAGE_CHARS, Block, Section, section_rows

_NEWLINE = re.compile(r"\r\n|\r|\n")
LISTS = ("bullet_list_open", "ordered_list_open")


def read_markdown(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each section, or part of a long one: its headings as title, and its text.

    Raises: DataFileError: the file cannot be read as text, or columns are named.
    """
    refuse_mapping(path, columns, "Markdown")
    yield from section_rows(read_sections(read_text(path, reading), top=path.stem))


def refuse_mapping(path: Path, columns: Columns, form: str) -> None:
    """Make sure that no columns are named for what has none.

    Raises: DataFileError.
    """
    if columns.by_field:
        raise DataFileError(f"--map is for tables and JSON; {path} is {form}.")


def read_sections(text: str, top: str) -> list[Section]:
    """Sections in their order.

    Args: top: the title of what stands before the first heading.
    """
    lines = _without_front_matter(_NEWLINE.split(text))
    sections = [Section((top,), [])]
    levels: list[tuple[int, str]] = []
    tokens = MarkdownIt().enable("table").parse("\n".join(lines))
    for place, (token, following) in enumerate(pairwise([*tokens, *tokens[-1:]])):
        if token.level > 0 or token.map is None:
            continue
        if token.type == "heading_open":
            levels = [kept for kept in levels if kept[0] < _level(token)]
            levels.append((_level(token), _plain(following)))
            sections.append(Section(tuple(heading for _, heading in levels), []))
        elif not _is_comment(token):
            sections[-1].blocks.extend(_blocks(lines, tokens[place:]))
    return sections


def _blocks(lines: list[str], tokens: Sequence[Token]) -> Iterator[Block]:
    """The block that the first token opens; a long list by its items."""
    opening = tokens[0]
    whole = _block(lines, opening.map or [0, 0])
    if opening.type not in LISTS or len(whole.text) <= LONGEST_PASSAGE_CHARS:
        yield whole
        return
    for token in tokens:
        if token.type == "list_item_open" and token.level == 1 and token.map is not None:
            item = _block(lines, token.map)
            yield item._replace(loose=item.line > whole.line)
        if token.level == 0 and token.nesting < 0:
            return


def _block(lines: list[str], place: list[int]) -> Block:
    return Block(place[0] + 1, "\n".join(lines[place[0] : place[1]]).strip("\n").rstrip())


def _level(heading: Token) -> int:
    return int(heading.tag.removeprefix("h"))


def _plain(inline: Token) -> str:
    """A heading's words, without emphasis and links."""
    return "".join(child.content for child in inline.children or ()).strip()


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and token.content.lstrip().startswith("<!--")


def _without_front_matter(lines: list[str]) -> list[str]:
    """Settings between two `---` at the top are blanked, so that line numbers stay right."""
    if lines[0].rstrip() != "---":
        return lines
    marks = (number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    end = next(marks, None)
    return lines if end is None else [""] * (end + 1) + lines[end + 1 :]
