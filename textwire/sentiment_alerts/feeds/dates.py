"""Times as feeds write them: RFC 822 with every slip, RFC 3339, epochs, with a zone or without."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from time import struct_time

from textwire.errors import RecordRejected
from textwire.rows.moments import as_moment

# Names that RFC 822 does not know and feeds write, each of which means one zone. Hours from UTC.
NAMED_HOURS = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
RFC_822_NAMES = {
    "UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT",
}  # fmt: skip
_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}")  # -0000 says that it is not known


def feed_moment(
    text: str, zone: tzinfo = UTC, parsed: struct_time | None = None
) -> datetime | None:
    """A moment in UTC; None where it is no time.

    Args: zone: of a time that names none. parsed: what the parser made of it, in UTC; it knows
          forms that are rarer than these.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return as_moment(text, zone)
    except RecordRejected:
        read = _rfc_822(text, zone)
    if read is None and parsed is not None:
        return _from_struct(parsed)
    return read


def _rfc_822(text: str, zone: tzinfo) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    try:
        return datetime(*parts[:6], tzinfo=_zone(text, parts[9] or 0, zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str, offset_s: int, zone: tzinfo) -> tzinfo:
    """The zone that a time names, if it names one that is known."""
    name = text.split()[-1].upper()
    if name in NAMED_HOURS:
        return timezone(timedelta(hours=NAMED_HOURS[name]))
    names_one = name in RFC_822_NAMES or (_OFFSET.fullmatch(name) and name != "-0000")
    return timezone(timedelta(seconds=offset_s)) if names_one else zone


def _from_struct(parsed: struct_time) -> datetime | None:
    try:
        return datetime(*parsed[:6], tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
