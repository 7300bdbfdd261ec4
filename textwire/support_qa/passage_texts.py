"""A passage in pieces: its sentences, and parts that the encoder can read whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textwire.support_qa.messages import Passage

# The encoder reads 256 tokens, of which a heading takes up to 50. English has some 4.3 letters to a
# token, Chinese one, so what is not Latin counts four times.
PART_LETTERS = 800
WIDE_LETTER = 4
HEADING_CHARACTERS = 200
# No passage has as many: 50,000 letters of Chinese make 250.
MOST_PARTS = 1_024

# A mark that ends a sentence, behind it a blank and what begins one; or a Chinese mark; or a line.
SENTENCE_END = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]?\s+(?=[\"'“‘(\[]?[^\W\d_a-z]|[\"'“‘(\[]?\d+\s|[-•*])"
    r"|(?<=[。！？])"
    r"|\s*\n+\s*"
)
# What ends in a mark and goes on.
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|incl|excl|no|nr|vs|ca|mr|mrs|ms|dr|st|z\.B|d\.h|u\.a|bzw|evtl)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of a text in their order; joined by blanks they hold all its words."""
    found: list[str] = []
    for piece in _cut(text):
        if found and ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def parts(passage: Passage) -> list[str]:
    """What is embedded of a passage: its text in parts of whole sentences, each under its heading.

    The last sentence of a part begins the next, so that what two of them say together is found.
    """
    heading = (passage.heading or "")[:HEADING_CHARACTERS]
    return [f"{heading}\n{part}" if heading else part for part in _windows(passage.text)]


def _windows(text: str) -> list[str]:
    if _letters(text) <= PART_LETTERS:
        return [text]
    windows: list[list[str]] = [[]]
    for sentence in _short_enough(sentences(text)):
        window = windows[-1]
        if window and _letters(" ".join([*window, sentence])) > PART_LETTERS:
            window = [window[-1]] if _letters(window[-1] + sentence) <= PART_LETTERS else []
            windows.append(window)
        window.append(sentence)
    return [" ".join(window) for window in windows][:MOST_PARTS]


def _short_enough(found: Iterable[str]) -> Iterable[str]:
    """Sentences, those cut that are longer than a part."""
    for sentence in found:
        size = PART_LETTERS if _letters(sentence) == len(sentence) else PART_LETTERS // WIDE_LETTER
        yield from (sentence[at : at + size] for at in range(0, len(sentence), size))


def _letters(text: str) -> int:
    """The length of a text, as the encoder's tokens are spent on it."""
    return len(text) + (WIDE_LETTER - 1) * sum(letter > "\u2e7f" for letter in text)


def _cut(text: str) -> list[str]:
    pieces: list[str] = []
    begin = 0
    for end in SENTENCE_END.finditer(text):
        # A closing quote belongs to what it closes.
        closing = len(end[0]) - len(end[0].lstrip("\"'”’)]"))
        pieces.append(text[begin : end.start() + closing])
        begin = end.end()
    pieces.append(text[begin:])
    return [piece.strip() for piece in pieces if piece.strip()]
