"""Keys and values as a person can read them, whatever bytes they are.

What is shown cannot move the cursor, ring, or colour a terminal: all that does is escaped.
"""

from __future__ import annotations

import msgspec

from textwire.undecodable import NOT_DECODABLE
from textwire.wire.record import Record

# Which of them a time raises that cannot be told, the platform decides.
NO_SUCH_TIME = (ValueError, OverflowError, OSError)


def readable(text: str) -> str:
    """A text with its control characters spelled out."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else _spelled_out(char) for char in text
    )


def readable_time(record: Record) -> str:
    """When a record was written, here; its timestamp where there is no such time."""
    try:
        return record.at.astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    except NO_SUCH_TIME:
        return f"timestamp {record.timestamp_ms} ms"


def readable_bytes(value: bytes) -> str:
    """Text where it is UTF-8, and escapes where it is not."""
    return readable(value.decode("utf-8", errors="backslashreplace"))


def readable_value(value: bytes | None, longest_chars: int | None = None) -> str:
    """A record's value: JSON set out over lines, or else as `readable_bytes`.

    Args: longest_chars: what is longer is cut, and the cut is said.
    """
    if value is None:
        return "(no value)"
    text = readable_bytes(_set_out(value))
    if longest_chars is None or len(text) <= longest_chars:
        return text
    return f"{text[:longest_chars]}… ({len(value):,} bytes in all)"


def _set_out(value: bytes) -> bytes:
    try:
        return msgspec.json.format(value, indent=2)
    except NOT_DECODABLE:
        return value


def _spelled_out(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
