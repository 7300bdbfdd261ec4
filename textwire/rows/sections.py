"""Prose as passages: sections under headings, long ones split, questions with their answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from textwire.rows.row import BadRow, Row

# About 250 tokens of English: what the encoder reads of a text (see `max_tokens` of a model).
LONGEST_PASSAGE_CHARS = 1_200
# As a passage's question and title may be: a longer heading is a paragraph in bold letters.
LONGEST_HEADING_CHARS = 500
PATH_SEPARATOR = " › "
# `**Q:** …`, `Q1. …`, `Question: …`, `问：…`, on a line of its own or before the words.
_QUESTION = r"Q|Question|Frage|F|问题?|問|提问"
_ANSWER = r"A|Answer|Antwort|答案?|回答"
_MARK = re.compile(
    rf"^\W{{0,4}}(?:(?P<q>{_QUESTION})|(?P<a>{_ANSWER}))"
    r"(?:\s*\d{1,3}\s*[.:：)]|\s*(?:[*_]{1,3}\s*)?[:：])\s*(?:[*_]{1,3}(?=\s|$))?\s*(?P<words>.*)$",
    re.IGNORECASE,
)


class Block(NamedTuple):
    """A paragraph, list, table or code block, as it is written.

    loose  it belongs close to the one before: an item of one list, a row of one table.
    """

    line: int
    text: str
    loose: bool = False


class Section(NamedTuple):
    """What stands under a heading, up to the next one."""

    headings: tuple[str, ...]
    blocks: list[Block]
    question: str | None = None
    line: int = 0  # of the question


def section_rows(sections: Iterable[Section], where: str = "") -> Iterator[Row | BadRow]:
    """A row for each section, or part of a long one: its headings as title, and its text.

    Args: where: said in place of the line; `{line}` in it is the line.
    """
    for whole in sections:
        for section in told_apart(whole):
            if section.question and not section.blocks:
                yield BadRow(
                    section.line, "a question without an answer", _told(where, section.line)
                )
            for blocks in split_between_blocks(section.blocks):
                yield _as_row(section, blocks, where)


def told_apart(section: Section) -> Iterator[Section]:
    """A section by the questions and answers that are marked in it; whole where none are.

    What stands before the first question, and a question without an answer, stay text.
    """
    lines = list(_marked_lines(section.blocks))
    pairs = [mark for mark, _, _ in lines if mark]
    if not any(one == "q" and after == "a" for one, after in pairwise(pairs)):
        yield section
        return
    yield from _pairs(section, lines)


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


def joined(blocks: list[Block]) -> str:
    """Blocks as one text: paragraphs apart by blank lines, items by lines."""
    text = blocks[0].text if blocks else ""
    for block in blocks[1:]:
        text += f"{chr(10) if block.loose else chr(10) * 2}{block.text}"
    return text


def _as_row(section: Section, blocks: list[Block], where: str) -> Row:
    headings = [heading for heading in section.headings if heading]
    fields = {"text": joined(blocks)}
    if headings:
        fields["title"] = _within(PATH_SEPARATOR.join(headings))
    question = section.question or (headings[-1] if headings and _asks(headings[-1]) else None)
    if question:
        fields["question"] = _within(question)
    line = blocks[0].line
    return Row(line, fields, _told(where, line))


def _told(where: str, line: int) -> str:
    return where.replace("{line}", f"{line:,}")


def _asks(heading: str) -> bool:
    return heading.endswith(("?", "？"))


def _within(heading: str) -> str:
    """The end of a path of headings that is too long says most."""
    over = len(heading) - LONGEST_HEADING_CHARS
    return f"…{heading[over + 1 :]}" if over > 0 else heading


def _marked_lines(blocks: list[Block]) -> Iterator[tuple[str, str, Block]]:
    """Lines as `q`, `a` or neither, with their words; a block's lines stay a block's."""
    for block in blocks:
        text: list[str] = []
        mark, begins = "", 0
        for number, line in enumerate(block.text.split("\n")):
            found = _MARK.match(line)
            if found is None:
                text.append(line)
                continue
            if text:
                yield mark, "\n".join(text), block._replace(line=block.line + begins)
            mark, begins = ("q" if found["q"] else "a"), number
            text = [_without_emphasis(found["words"])]
        if text:
            yield mark, "\n".join(text), block._replace(line=block.line + begins)


def _without_emphasis(words: str) -> str:
    stripped = words.strip()
    for mark in ("***", "**", "__", "*"):
        if stripped.endswith(mark) and stripped.count(mark) == 1:
            return stripped.removesuffix(mark).rstrip()
    return stripped


def _pairs(section: Section, lines: list[tuple[str, str, Block]]) -> Iterator[Section]:
    asked: str | None = None  # None before the first question
    line, answering = 0, False
    blocks: list[Block] = []
    for mark, text, block in lines:
        if mark == "q":
            yield from _pair(section, asked, line, blocks)
            asked, line, answering, blocks = text, block.line, False, []
        elif asked is not None and not asked.strip() and not answering and not mark:
            asked = text  # `Q:` stood on a line of its own
        else:
            answering = answering or mark == "a"
            blocks.extend([block._replace(text=text)] if text.strip() else [])
    yield from _pair(section, asked, line, blocks)


def _pair(section: Section, asked: str | None, line: int, blocks: list[Block]) -> Iterator[Section]:
    question = " ".join((asked or "").split())
    if len(question) > LONGEST_HEADING_CHARS:
        yield Section(section.headings, [Block(line, question), *blocks])
    elif question or blocks:
        yield Section(section.headings, blocks, question or None, line)
