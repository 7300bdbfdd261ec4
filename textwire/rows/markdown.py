"""Markdown: every section under a heading is a passage, long ones split between paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from textwire.errors import DataFileError
from textwire.rows.columns import Columns
from textwire.rows.lines import read_lines
from textwire.rows.row import Advance, BadRow, Row, unwatched

# About 250 tokens of English: what the encoder reads of a text (see `max_tokens` of a model).
LONGEST_PASSAGE_CHARS = 1_200
PATH_SEPARATOR = " › "
_NEWLINE = re.compile(r"\r\n|\r|\n")


class Block(NamedTuple):
    """A paragraph, list, table or code block, as it is written."""

    line: int
    text: str


class Section(NamedTuple):
    """What stands under a heading, up to the next one."""

    headings: tuple[str, ...]
    blocks: list[Block]


def read_markdown(
    path: Path, columns: Columns, advance: Advance = unwatched
) -> Iterator[Row | BadRow]:
    """A row for each section, or part of a long one: its headings as title, and its text.

    Raises: DataFileError: the file cannot be read as text, or columns are named.
    """
    if columns.by_field:
        raise DataFileError(f"--map is for tables and JSON Lines; {path} is Markdown.")
    text = "".join(read_lines(path, advance))
    for section in read_sections(text, top=path.stem):
        for blocks in split_between_blocks(section.blocks):
            yield _as_row(section.headings, blocks)


def read_sections(text: str, top: str) -> list[Section]:
    """Sections in their order.

    Args: top: the title of what stands before the first heading.
    """
    lines = _without_front_matter(_NEWLINE.split(text))
    sections = [Section((top,), [])]
    levels: list[tuple[int, str]] = []
    tokens = MarkdownIt().enable("table").parse("\n".join(lines))
    for token, following in pairwise([*tokens, *tokens[-1:]]):
        if token.level > 0 or token.map is None:
            continue
        if token.type == "heading_open":
            levels = [kept for kept in levels if kept[0] < _level(token)]
            levels.append((_level(token), _plain(following)))
            sections.append(Section(tuple(heading for _, heading in levels), []))
        elif not _is_comment(token):
            sections[-1].blocks.append(_block(lines, token.map))
    return sections


def _as_row(headings: tuple[str, ...], blocks: list[Block]) -> Row:
    text = "\n\n".join(block.text for block in blocks)
    fields = {"title": PATH_SEPARATOR.join(headings), "text": text}
    if headings[-1].endswith("?"):
        fields["question"] = headings[-1]
    return Row(blocks[0].line, fields)


def split_between_blocks(blocks: list[Block]) -> Iterator[list[Block]]:
    """Parts within the length of a passage, or of one block that is longer by itself."""
    part: list[Block] = []
    for block in blocks:
        if part and sum(len(kept.text) + 2 for kept in (*part, block)) > LONGEST_PASSAGE_CHARS:
            yield part
            part = []
        part.append(block)
    if part:
        yield part


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
