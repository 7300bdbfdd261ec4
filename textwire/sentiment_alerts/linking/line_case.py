"""How a line is written: as a sentence, as a title, in capitals or in small letters."""

from __future__ import annotations

import re
from enum import Enum, auto

from textwire.sentiment_alerts.linking.words import FUNCTION_WORDS

LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z']+")
STYLED_CHARACTERS = 400


class Case(Enum):
    """How a text is written."""

    SENTENCE = auto()
    TITLE = auto()
    CAPITALS = auto()
    SMALL = auto()


def case_of(text: str) -> Case:
    """How a line is written, by the words after its first."""
    words = [w for w in LATIN_WORD.findall(text[:STYLED_CHARACTERS]) if len(w) > 2]
    capitals = sum(word.isupper() for word in words)
    if words and capitals >= 0.7 * len(words):
        return Case.CAPITALS
    rest = [w for w in words[1:] if w.lower() not in FUNCTION_WORDS and not w.isupper()]
    upper = sum(word[0].isupper() for word in rest)
    if not rest and words:
        return Case.TITLE
    if upper == 0 and text.islower():
        return Case.SMALL
    return Case.TITLE if upper >= 0.75 * len(rest) else Case.SENTENCE
