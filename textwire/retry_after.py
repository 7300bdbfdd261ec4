"""What a server that is asked too often says about when to come again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_s(headers: Mapping[str, str], at: datetime) -> float:
    """What `Retry-After` asks for, in seconds; 0 where it is not there or cannot be read.

    Source: RFC 9110, 10.2.3.
    """
    asked = headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return 0.0
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - at).total_seconds())
