"""Times as files write them: with or without a zone, as dates, as seconds since 1970."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from textwire.errors import RecordRejected


def as_moment(value: Any) -> datetime:
    """A moment in UTC; where a value names no zone it is taken to be UTC, a date to be midnight.

    Raises: RecordRejected: it is no time.
    """
    try:
        return _read(value)
    except (ValueError, OverflowError, OSError, TypeError):
        raise RecordRejected(
            f"{value!r} is no time; write it like 2026-03-02T09:30:00Z, 2026-03-02, "
            "or as seconds since 1970"
        ) from None


def _read(value: Any) -> datetime:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, int | float):
        moment = datetime.fromtimestamp(value, tz=UTC)
    else:
        moment = _from_text(str(value).strip())
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _from_text(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(float(text), tz=UTC)
