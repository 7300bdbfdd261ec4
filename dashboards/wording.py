"""Numbers, durations and times as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

NONE_YET = "–"
MINUS = "\N{MINUS SIGN}"


def clock_time(at: datetime, zone: tzinfo) -> str:
    """A time of day with its zone: `14:03:22 CET`."""
    local = in_zone(at, zone)
    return f"{local:%H:%M:%S} {zone_name(local)}"


def short_time(at: datetime, zone: tzinfo) -> str:
    """A time of day to the minute with its zone: `14:03 CET`."""
    local = in_zone(at, zone)
    return f"{local:%H:%M} {zone_name(local)}"


def day_time(at: datetime, zone: tzinfo) -> str:
    """A day and a time to the minute with its zone: `Wed 25 Feb, 14:03 CET`."""
    local = in_zone(at, zone)
    return f"{local:%a} {local.day} {local:%b}, {short_time(at, zone)}"


def full_time(at: datetime, zone: tzinfo) -> str:
    """The same with its year, where it may be another: `Wed 25 Feb 2026, 14:03 CET`."""
    local = in_zone(at, zone)
    return f"{local:%a} {local.day} {local:%b %Y}, {short_time(at, zone)}"


def time_span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """From when to when: `Wed 25 Feb, 14:00 to 15:00 CET`; within one minute, when."""
    first, last = in_zone(start, zone), in_zone(end, zone)
    if day_time(start, zone) == day_time(end, zone):
        return day_time(start, zone)
    if first.date() == last.date() and first.tzname() == last.tzname():
        return f"{first:%a} {first.day} {first:%b}, {first:%H:%M} to {short_time(end, zone)}"
    return f"{day_time(start, zone)} to {day_time(end, zone)}"


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """A time as a zone's clocks show it; as it is where they show none, at either end of time."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


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


def tenths(value: float) -> str:
    """A number that may be small, to two figures: `12`, `0.8`, `0.04`, `0`."""
    if value >= 10:
        return whole(value)
    return f"{value:.1f}".removesuffix(".0") if value >= 0.1 or value == 0 else f"{value:.1g}"


def signed(score: float) -> str:
    """A score in [-1, 1] with its sign: `+0.42`, `−0.07`, `0.00`."""
    rounded = f"{abs(score):.2f}"
    if rounded == "0.00":
        return rounded
    return f"{'+' if score > 0 else MINUS}{rounded}"


def money(amount: float, currency: str) -> str:
    """A price: `€ 54.90`, `€ 1,200`."""
    digits = f"{amount:,.0f}" if amount >= 1_000 or amount == int(amount) else f"{amount:,.2f}"
    return f"{currency} {digits}".strip()


def fine_percent(share: float) -> str:
    """A share that is often small: `0.4 %`, `7.2 %`, `43 %`."""
    return percent(share) if share >= 0.1 or share == 0 else f"{share * 100:.1f} %"


def chance_words(chance: float) -> str:
    """A probability as people grasp it: `43 %`, `1 in 25`, `below 1 %`, `none`."""
    if chance >= 0.1:
        return percent(chance)
    if chance >= 0.01:
        return f"1 in {1 / chance:.0f}"
    return "below 1 %" if chance > 0 else "none"


def megabytes(value: float) -> str:
    """Memory: `212 MB`, `1.4 GB`."""
    return f"{value / 1_000:.1f} GB" if value >= 1_000 else f"{value:.0f} MB"


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: `1 source`, `3 sources`."""
    return f"{whole(count)} {noun if count == 1 else plural or f'{noun}s'}"


def confidence_words(confidence: float) -> str:
    """How sure a calibrated confidence in [0, 1] is, in words."""
    if confidence >= 0.9:
        return "Very sure"
    if confidence >= 0.7:
        return "Quite sure"
    if confidence >= 0.4:
        return "Not quite sure"
    return "Not sure"
