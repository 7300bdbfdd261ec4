"""Lists and dictionaries as Python prints them, which older data sets hold in place of JSON."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

# Of a product with all its texts; what is longer is no cell and no row.
MOST_LETTERS = 100_000
# What is left of an emoji that was cut in two: no text can be written with it.
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")


def as_literal(text: str) -> Any:
    """The list or dictionary that a text is, as Python or as JSON writes it; None of any other.

    Nothing of it is run.
    """
    bare = text.strip()
    if bare[:1] + bare[-1:] not in ("[]", "{}") or len(bare) > MOST_LETTERS:
        return None
    # JSON first: its `true`, and its two escapes for one letter, mean something else in Python.
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(bare)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        return value if isinstance(value, list | dict) and holds_json(value) else None
    return None


def holds_json(value: Any) -> bool:
    """Whether it is what JSON can hold: names are words, and no word has half a letter."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if not all(isinstance(name, str) for name in one):
                return False
            left += (*one, *one.values())
        elif isinstance(one, list | tuple):
            left += one
        elif isinstance(one, str):
            if _HALF_A_LETTER.search(one):
                return False
        elif not (one is None or isinstance(one, int | float)):
            return False
    return True
