"""Numbers, durations and times as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

NONE_YET = "–"


def clock_time(at: datetime, zone: tzinfo) -> str:
    """A time of day with its zone: `14:03:22 CET`."""
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S} {zone_name(local)}"


def short_time(at: datetime, zone: tzinfo) -> str:
    """A time of day to the minute with its zone: `14:03 CET`."""
    local = at.astimezone(zone)
    return f"{local:%H:%M} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """The zone's abbreviation, or its offset where it has none: `CET`, `UTC-03`."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name


def milliseconds(value: float) -> str:
    """A duration in the unit that suits it: `0.4 ms`, `38 ms`, `1.2 s`, `2 min 5 s`."""
    if value < 10:
        return f"{value:.1f} ms"
    if value < 1_000:
        return f"{value:.0f} ms"
    return seconds(value / 1_000)


def seconds(value: float) -> str:
    """A duration of a second and more: `1.2 s`, `42 s`, `2 min 5 s`, `3 h 10 min`."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 60:
        return f"{value:.0f} s"
    minutes, rest = divmod(int(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h"


def age(since: timedelta) -> str:
    """How long ago: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`."""
    passed = int(since.total_seconds())
    if passed < 2:
        return "now"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if passed >= size:
            return f"{passed // size} {unit} ago"
    return f"{passed} s ago"


def whole(value: float) -> str:
    """A count with thousands set apart: `12,345`."""
    return f"{value:,.0f}"


def rate(value: float) -> str:
    """A count a second, to the figure that matters: `0`, `0.4`, `12.3`, `1,250`."""
    if value >= 100:
        return whole(value)
    return f"{value:.1f}".removesuffix(".0")


def percent(share: float) -> str:
    """A share in [0, 1]: `92 %`, and never a rounded-up certainty."""
    rounded = round(share * 100)
    if rounded == 100 and share < 1:
        return "99 %"
    return f"{rounded} %"


def megabytes(value: float) -> str:
    """Memory: `212 MB`, `1.4 GB`."""
    return f"{value / 1_000:.1f} GB" if value >= 1_000 else f"{value:.0f} MB"


def counted(count: int, noun: str) -> str:
    """A count with its noun: `1 source`, `3 sources`."""
    return f"{whole(count)} {noun}" if count == 1 else f"{whole(count)} {noun}s"


def confidence_words(confidence: float) -> str:
    """How sure a calibrated confidence in [0, 1] is, in words."""
    if confidence >= 0.9:
        return "Very sure"
    if confidence >= 0.7:
        return "Quite sure"
    if confidence >= 0.4:
        return "Not quite sure"
    return "Not sure"
