"""Whole numbers that others wrote as text: in headers, in Redis, in names."""

from __future__ import annotations

import re

# Of 64 bits, and none that Python refuses to read for its length.
DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)
MOST = 2**63 - 1


def whole_number(text: str | bytes, most: int = MOST) -> int | None:
    """A number from 0 to `most` in decimal digits; None for whatever else stands there."""
    said = text.decode("ascii", errors="replace") if isinstance(text, bytes) else text
    if not DIGITS.fullmatch(said):
        return None
    number = int(said)
    return number if number <= most else None
