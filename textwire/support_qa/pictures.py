"""Pictures in a message by their names: a vocabulary of words has none of them.

To a tokenizer without pictures a thumb and a sock are the same unknown sign, and one is thanks.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

PICTURE = "So"  # Unicode's category "Symbol, other"
# Variants of a picture: the colour of skin, the choice of a form, what joins two into one.
VARIANTS = frozenset(chr(c) for c in (*range(0x1F3FB, 0x1F400), 0xFE0E, 0xFE0F, 0x200D))


def with_named_pictures(text: str) -> str:
    """The text with Unicode's name of each picture in its place; of a row of the same ones once."""
    if not any(unicodedata.category(letter) == PICTURE for letter in text):
        return text
    rows = groupby(letter for letter in text if letter not in VARIANTS)
    return " ".join("".join(_named(letter, "".join(same)) for letter, same in rows).split())


def _named(letter: str, row: str) -> str:
    if unicodedata.category(letter) != PICTURE:
        return row
    return f" {unicodedata.name(letter, letter).lower()} "
