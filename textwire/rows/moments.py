"""Times as files write them: with or without a zone, as dates, as seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from textwire.errors import RecordRejected

# Days as they stand in tables: 31.12.2026 and 2026/12/31. What is written 12/31/2026 in one country
# and 31/12/2026 in another is asked about.
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})")
_SLASHED = re.compile(r"(?P<year>\d{4})[/年](?P<month>\d{1,2})[/月](?P<day>\d{1,2})日?")
_DASHED = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})|\d{8}")
_ZULU = re.compile(r"\s+(?:UTC|GMT)$")

# Of an epoch that is no number of seconds, one after the other.
FINER_UNITS = ("milliseconds", "microseconds", "nanoseconds")
MOST_SECONDS = 1e11


def is_date(value: Any) -> bool:
    """Whether it names a day, without a time."""
    if isinstance(value, str):
        return any(form.fullmatch(value.strip()) for form in (_DOTTED, _SLASHED, _DASHED))
    return isinstance(value, date) and not isinstance(value, datetime)


def as_moment(value: Any, zone: tzinfo = UTC) -> datetime:
    """A moment in UTC; a date is taken to be midnight.

    Args:   zone: of a value that names none.
    Raises: RecordRejected: it is no time.
    """
    try:
        return _read(value, zone)
    except (ValueError, OverflowError, OSError, TypeError):
        raise RecordRejected(
            f"{value!r} is no time; write it like 2026-03-02T09:30:00Z, 2026-03-02, "
            "or as seconds or milliseconds since 1970"
        ) from None


def _read(value: Any, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, int | float):
        moment = _from_epoch(value)
    else:
        moment = _from_text(str(value).strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _from_text(text: str) -> datetime:
    if written := _DOTTED.fullmatch(text) or _SLASHED.fullmatch(text):
        return datetime(int(written["year"]), int(written["month"]), int(written["day"]))
    try:
        return datetime.fromisoformat(_ZULU.sub("Z", text))
    except ValueError:
        return _from_epoch(float(text))


def _from_epoch(since_1970: float) -> datetime:
    """Seconds; what would be later than the year 5138 is milliseconds, micro- or nanoseconds."""
    for _ in FINER_UNITS:
        if abs(since_1970) < MOST_SECONDS:
            break
        since_1970 /= 1_000
    return datetime.fromtimestamp(since_1970, tz=UTC)
