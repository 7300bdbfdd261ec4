"""Times as files write them: with or without a zone, as dates, as seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

from textwire.errors import RecordRejected

# Behind a day: `09:30`, `T09:30:00.5`, `, 5:11 PM`, and a zone.
_TIME = (
    r"(?:(?:T|,?\s+(?:at\s+)?)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
)
_WEEKDAY = r"(?:[a-z]{2,9}\.?,?\s+)?"
# Days as they stand in tables: 31.12.2026, 2026/12/31, `Thu, 31 Dec 2026`, `December 31st, 2026`.
_DAYS = tuple(
    re.compile(day + _TIME, re.IGNORECASE)
    for day in (
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
        r"(?P<year>\d{4})[/年](?P<month>\d{1,2})[/月](?P<day>\d{1,2})日?",
        _WEEKDAY + r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+"
        r"(?P<month>[a-z]{3,9})\.?,?[\s-]+(?P<year>\d{4})",
        _WEEKDAY
        + r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    )
)
# What is written 12/31/2026 in one country is 31/12/2026 in another. Where each part may be a
# month, a table's other days tell (`day_order.py`), or `AM` and `PM`; else it is refused.
_EITHER = re.compile(
    r"(?P<one>\d{1,2})(?P<by>[/-])(?P<other>\d{1,2})(?P=by)(?P<year>\d{4}|\d{2})" + _TIME,
    re.IGNORECASE,
)
_DASHED = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})|\d{8}")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_ZULU = re.compile(r"\s+(?:UTC|GMT)$")
# `2026-03-02 09:30:00 -0500`
_PARTED_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")

# Of an epoch that is no number of seconds, one after the other.
FINER_UNITS = ("milliseconds", "microseconds", "nanoseconds")
MOST_SECONDS = 1e11


class EitherDay(NamedTuple):
    """A day that is written as `28/09/2026`, or `9-28-2026`, with or without a time.

    day_first  None: it may be either of two.
    """

    text: str
    parts: tuple[int, int, int]  # as they stand
    time: str
    day_first: bool | None

    def written_out(self, *, day_first: bool) -> str:
        """The same moment, so that everybody reads one day."""
        one, other, year = self.parts
        day, month = (one, other) if day_first else (other, one)
        return f"{day}.{month}.{year}{self.time}"


def either_day(text: str) -> EitherDay | None:
    """A cell that holds such a day; None where it holds anything else, or a day that is none."""
    written = _EITHER.fullmatch(text.strip())
    if written is None:
        return None
    one, other, year = int(written["one"]), int(written["other"]), int(written["year"])
    if (year < 100 and not written["half"]) or (one > 12 and other > 12):
        return None
    day_first = True if one > 12 else False if other > 12 else None
    parts = one, other, year + (2000 if year < 100 else 0)
    return EitherDay(written[0], parts, written[0][written.end("year") :], day_first)


def is_date(value: Any) -> bool:
    """Whether it names a day, without a time."""
    if isinstance(value, str):
        written = _written_day(value.strip())
        return bool(_DASHED.fullmatch(value.strip())) or bool(written and not written["hour"])
    return isinstance(value, date) and not isinstance(value, datetime)


def as_moment(value: Any, zone: tzinfo = UTC) -> datetime:
    """A moment in UTC; a date is taken to be midnight.

    Args:   zone: of a value that names none.
    Raises: RecordRejected: it is no time.
    """
    try:
        return _read(value, zone)
    except (ValueError, OverflowError, OSError, TypeError):
        if isinstance(value, str) and (day := either_day(value)) and day.day_first is None:
            raise RecordRejected(
                f"{value!r} may be two days, and nothing tells which; write it like 2026-03-02"
            ) from None
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
    if written := _written_day(text):
        return _at_time(_day(written), written)
    try:
        return datetime.fromisoformat(_PARTED_ZONE.sub("", _ZULU.sub("Z", text)))
    except ValueError:
        return _from_epoch(float(text))


def _written_day(text: str) -> re.Match[str] | None:
    forms = (form.fullmatch(text) for form in (*_DAYS, _EITHER))
    return next((written for written in forms if written), None)


def _day(written: re.Match[str]) -> datetime:
    """Midnight of the day. Raises: ValueError: there is none, or it may be either of two."""
    parts = written.groupdict()
    year = int(parts["year"])
    if "one" in parts:
        one, other = int(parts["one"]), int(parts["other"])
        is_american = bool(parts["half"])
        if year < 100 and not is_american:
            raise ValueError("which of the three is the year is not told")
        if one <= 12 and other <= 12 and one != other and not is_american:
            raise ValueError("day or month")
        first_is_month = other > 12 or (is_american and one <= 12)
        year += 0 if year >= 100 else 2000
        return datetime(year, one, other) if first_is_month else datetime(year, other, one)
    month = str(parts["month"])
    return datetime(year, int(month) if month.isdigit() else _month(month), int(parts["day"]))


def _month(name: str) -> int:
    called = name.casefold()
    found = [n for n, month in enumerate(_MONTHS, start=1) if month.startswith(called[:4])]
    if len(found) != 1:
        raise ValueError(f"{name} is no month")
    return found[0]


def _at_time(day: datetime, written: re.Match[str]) -> datetime:
    if not written["hour"]:
        return day
    hour = int(written["hour"])
    if written["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + 12 * (written["half"].casefold() == "p")
    moment = day.replace(
        hour=hour, minute=int(written["minute"]), second=int(written["second"] or 0)
    )
    zone = written["zone"]
    if not zone or zone == "-0000":  # by which mail and feeds say that it is not known
        return moment
    return datetime.fromisoformat(moment.isoformat() + (zone if zone[0] in "+-" else "Z"))


def _from_epoch(since_1970: float) -> datetime:
    """Seconds; what would be later than the year 5138 is milliseconds, micro- or nanoseconds."""
    for _ in FINER_UNITS:
        if abs(since_1970) < MOST_SECONDS:
            break
        since_1970 /= 1_000
    return datetime.fromtimestamp(since_1970, tz=UTC)
