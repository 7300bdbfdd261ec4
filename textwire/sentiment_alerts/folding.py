"""Texts and names brought to one form, so that they can be compared letter by letter.

Every letter stays at its place: what is found in a folded text stands there in the text itself.
"""

from __future__ import annotations

import unicodedata

SINGLE_LETTERS = {"ß": "s", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
SIGNS = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201b": "'",
    "\u02bc": "'",
    "\u00b4": "'",
    "`": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\uff06": "&",
    "\uff04": "$",
}


def _base_letter(letter: str) -> str:
    """A letter without its accent, or as it is."""
    parts = unicodedata.normalize("NFKD", letter)
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return bare if len(bare) == 1 and bare.isascii() and bare.isalnum() else letter


# Latin letters with accents, and the wide forms of Latin letters among Chinese ones.
LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00), *range(0xFF10, 0xFF5B))
FOLDED = str.maketrans(
    {chr(code): base for code in LATIN if (base := _base_letter(chr(code))) != chr(code)}
    | SINGLE_LETTERS
    | SIGNS
)


def folded(text: str) -> str:
    """The text without accents, with straight quotes and plain spaces, as long as it was."""
    return text.translate(FOLDED) if not text.isascii() or "`" in text else text


def lower(text: str) -> str:
    """In small letters, each at its place: a few letters would become two."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
