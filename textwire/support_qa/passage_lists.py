"""Lists and tables in a passage: what of it is said together, and on lines of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from textwire.support_qa.passage_texts import PART_LETTERS

ITEM = re.compile(r"\s*(?:[-•*–]|\d{1,2}[.)])\s")
ROW = " | "
# "Yes." or "€600 at first." replies to the heading, and says of itself neither to what nor how.
OPENING_WORDS = 4
REPLIES = re.compile(
    r"(?:yes|no|not|never|always|usually|only|ja|nein|nie|immer|meist|nur)\b|.*\d|[是否可不能]",
    re.IGNORECASE,
)


def told_together(text: str, sentences: Sequence[str]) -> list[frozenset[int]]:
    """For each sentence of a text the places of those without which it says half, its own included.

    "Light red for long? Report a fault." is one thing, and so is "Yes. Tell us when you order." at
    the beginning. A step is nothing without the others, nor a
    list without what leads to it, nor a row without the heading of its table. A list that is longer
    than what the encoder reads at once is not kept whole.
    """
    lines = _line_numbers(text, sentences)
    written = text.split("\n")
    together = _halves_together(sentences)
    for begin, end in _lists(lines, written):
        if ROW in written[lines[begin]]:
            together[begin:end] = _rows_with_heading(lines, begin, end)
        elif sum(map(len, sentences[begin:end])) <= PART_LETTERS:
            first = begin - 1 if _leads_to_a_list(sentences[:begin]) else begin
            together[first:end] = [frozenset(range(first, end))] * (end - first)
    return together


def as_it_stands(text: str, told: Sequence[str]) -> str:
    """Some sentences of a text in its order: items and rows on lines of their own, as there."""
    written = text.split("\n")
    lines = _line_numbers(text, told)
    said = "".join(told[:1])
    for (before, line), sentence in zip(pairwise(lines), told[1:], strict=True):
        apart = before != line and (_is_listed(written[before]) or _is_listed(written[line]))
        said += f"\n{sentence}" if apart else f" {sentence}"
    return said


def _halves_together(sentences: Sequence[str]) -> list[frozenset[int]]:
    """Each sentence for itself, but a question, and a short reply at first, with what follows."""
    together = [frozenset({place}) for place in range(len(sentences))]
    for place, sentence in enumerate(sentences[:-1]):
        if (place == 0 and _is_short_reply(sentence)) or sentence.endswith(("?", "？")):
            together[place] = together[place + 1] = together[place] | {place + 1}
    return together


def _is_short_reply(sentence: str) -> bool:
    return len(sentence.split()) <= OPENING_WORDS and bool(REPLIES.match(sentence))


def _rows_with_heading(lines: Sequence[int], begin: int, end: int) -> list[frozenset[int]]:
    """For each sentence of a table its row and the heading, and for the heading all of it."""
    places = range(begin, end)
    heading = {place for place in places if lines[place] == lines[begin]}
    rows = ({other for other in places if lines[other] == lines[place]} for place in places)
    return [frozenset(places if row == heading else heading | row) for row in rows]


def _leads_to_a_list(before: Sequence[str]) -> bool:
    return bool(before) and before[-1].endswith((":", "："))


def _lists(lines: Sequence[int], written: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From which sentence on, and up to which, each list or table goes."""
    begin: int | None = None
    for place, line in enumerate((*lines, None)):
        same = line is not None and _is_listed(written[line])
        if begin is not None and (
            not same or _form(written[line or 0]) != _form(written[lines[begin]])
        ):
            yield begin, place
            begin = None
        if same and begin is None:
            begin = place


def _is_listed(line: str) -> bool:
    return _form(line) != ""


def _form(line: str) -> str:
    if ITEM.match(line):
        return "item"
    return "row" if ROW in line else ""


def _line_numbers(text: str, sentences: Sequence[str]) -> list[int]:
    """On which line of the text each of its sentences begins."""
    numbers, at = [], 0
    for sentence in sentences:
        # What follows an abbreviation on the next line stands behind it in its sentence.
        found = text.find(sentence, at)
        if found < 0:
            found = max(at, text.find(sentence.split()[0], at))
        numbers.append(text.count("\n", 0, found))
        at = found + len(sentence)
    return numbers
