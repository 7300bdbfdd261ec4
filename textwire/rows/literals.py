"""Lists and dictionaries as Python prints them, which older data sets hold in place of JSON."""

from __future__ import annotations

import ast
import json
from typing import Any

# Of a product with all its texts; what is longer is no cell and no row.
MOST_LETTERS = 100_000


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
        return value if isinstance(value, list | dict) else None
    return None
