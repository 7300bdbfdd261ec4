"""Several wishes in one request: "a tent and a sleeping bag", "kettle, desk lamp and a puzzle".

A vector of them all lies between them, near to what is a little of each. Where each wish has its
own article, the words alone tell: "a case with a lid and a handle" is one, since what stands behind
"with" says more of the case. A bare list may as well be "jumper, red" or "salt and pepper mill": of
it the shop tells whether the parts are things of it (`asked/wish_parts.py`).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from textwire.recommendations.asked.small_words import PREPOSITIONS, SAYS_NOTHING
from textwire.recommendations.folding import small_letters

# More would not all have a place in a list of ten.
MOST = 10

_BETWEEN = re.compile(
    r"\s*(?:,?\s*\b(?:and\s+also|and|or|plus|as\s+well\s+as|along\s+with|und|oder|sowie)\b"
    r"(?!\s*/)|[,;&+]|(?<=\w)、)\s*"
)
# All up to here leads to what is asked for: "I am looking for", "for our trip we need".
_LEADING = re.compile(
    r"^.*\b(?:(?:looking|searching|shopping|hunting)\s+for|need|want|would\s+like|i['’]d\s+like"
    r"|find\s+me|show\s+me|get\s+me|buy|suche|brauche|möchte)\b(?:\s+to\s+(?:buy|get|have))?\s*"
)
_DETERMINER = (
    r"(?:an?\s+(?!bit\b|little\b|lot\b|few\b)|another\s+|some\s+|two\s+|three\s+|new\s+"
    r"|ein(?:e[nm]?)?\s+)"
)
_BEGINS = re.compile(_DETERMINER)
_BLOCKING = "|".join(
    sorted((PREPOSITIONS - {"of", "and", "or"}) | {"who", "where", "when", "between"})
)
# What stands behind these says more of the thing before: "with a lid", "that folds", "in blue".
_SAYS_MORE = re.compile(rf"\b(?:{_BLOCKING})\b")
# The same where it has an article, so that another article may go on with it.
_SAYS_MORE_OF_A_THING = re.compile(
    rf"\b(?:{_BLOCKING})\s+(?:{_DETERMINER}|the\s+|my\s+|our\s+|his\s+|her\s+)"
    r"|\b(?:that|which|who|where|when|between)\b"
)
_WORD = re.compile(r"[^\W_]+")
_STANDS_FOR_A_THING = frozenset({"one", "ones", "both", "it", "them"})


class Part(NamedTuple):
    """A part of a request that may be a wish of its own.

    is_sure  whether its article says so; of others the shop tells.
    """

    words: str
    is_sure: bool


def parts_of(wanted: str) -> tuple[Part, ...]:
    """What may be several wishes, in their order; empty where it is one.

    Args: wanted: a request without what it says of prices, and of what is not wanted.
    """
    plain = small_letters(wanted)
    lead = _LEADING.match(plain)
    at = lead.end() if lead else 0
    pieces: list[str] = []
    for found in _BETWEEN.finditer(plain, at):
        if found.start() > at:
            pieces.append(wanted[at : found.start()])
        at = found.end()
    pieces.append(wanted[at:])
    parts = [*_parts([piece.strip(" .!?") for piece in pieces if piece.strip(" .!?")])]
    different = {part.words.casefold(): part for part in parts}
    if not 2 <= len(different) <= MOST or not all(_names_something(p.words) for p in parts):
        return ()
    return tuple(different.values())


def _parts(pieces: list[str]) -> list[Part]:
    """The parts; none where one of them goes on with what the one before it says."""
    if not pieces:
        return []
    parts = [Part(pieces[0], is_sure=_begins(pieces[0]))]
    for before, piece in pairwise(pieces):
        plain, is_sure = small_letters(before), _begins(piece)
        if (_SAYS_MORE_OF_A_THING if is_sure else _SAYS_MORE).search(plain):
            return []
        parts.append(Part(piece, is_sure))
    if all(part.is_sure for part in parts[1:]):
        # "Rain boots and a rain jacket": the article of the second parts them.
        parts[0] = Part(parts[0].words, is_sure=True)
    return parts


def _begins(piece: str) -> bool:
    return _BEGINS.match(small_letters(piece)) is not None


def _names_something(piece: str) -> bool:
    words = set(_WORD.findall(small_letters(piece)))
    if words & _STANDS_FOR_A_THING:
        return False
    left = words - SAYS_NOTHING - PREPOSITIONS
    return any(any(letter.isalpha() for letter in word) for word in left)
