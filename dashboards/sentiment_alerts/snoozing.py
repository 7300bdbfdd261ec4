"""Until when an alert can be snoozed."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

# When a day's work begins, in the reader's zone.
MORNING_HOUR = 8
MONDAY, DAYS_OF_A_WEEK = 0, 7


def snooze_ends(event_now: datetime, zone: tzinfo) -> dict[str, datetime]:
    """The ends to choose from, by what each is called.

    Counted in event time: in a replay a wall clock's morning would never come.
    """
    today = event_now.astimezone(zone)
    until_monday = (MONDAY - today.weekday()) % DAYS_OF_A_WEEK or DAYS_OF_A_WEEK
    ends = {
        "1 hour": event_now + timedelta(hours=1),
        "4 hours": event_now + timedelta(hours=4),
        f"Tomorrow, {MORNING_HOUR}:00": _morning(today, 1),
    }
    if until_monday > 1:
        ends[f"Monday, {MORNING_HOUR}:00"] = _morning(today, until_monday)
    return ends


def _morning(today: datetime, days: int) -> datetime:
    """As many days later; the clocks may be changed in between."""
    return (today + timedelta(days=days)).replace(
        hour=MORNING_HOUR, minute=0, second=0, microsecond=0
    )
