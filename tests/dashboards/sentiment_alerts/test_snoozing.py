from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboards.sentiment_alerts.snoozing import snooze_ends

WEDNESDAY = datetime(2026, 2, 25, 17, 0, tzinfo=UTC)


def test_a_snooze_is_counted_in_the_articles_time_and_in_the_readers_days() -> None:
    hour, four, morning, monday = snooze_ends(WEDNESDAY, ZoneInfo("Asia/Tokyo")).values()
    assert (hour - WEDNESDAY, four - WEDNESDAY) == (timedelta(hours=1), timedelta(hours=4))
    # It is 02:00 of the 26th in Tokyo: tomorrow is the 27th.
    assert morning.isoformat() == "2026-02-27T08:00:00+09:00"
    assert monday.isoformat() == "2026-03-02T08:00:00+09:00"


@pytest.mark.parametrize(
    ("day", "offered"), [(22, False), (23, True), (27, True), (28, True)], ids=str
)
def test_monday_is_offered_unless_it_is_tomorrow(day: int, *, offered: bool) -> None:
    ends = snooze_ends(datetime(2026, 2, day, 12, 0, tzinfo=UTC), UTC)
    assert ("Monday, 8:00" in ends) == offered
    assert all(end.weekday() == 0 for name, end in ends.items() if name.startswith("Monday"))


def test_on_a_monday_it_is_the_next_one() -> None:
    ends = snooze_ends(datetime(2026, 2, 23, 6, 0, tzinfo=UTC), UTC)
    assert ends["Monday, 8:00"] == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_a_morning_is_eight_oclock_when_the_clocks_have_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    ends = snooze_ends(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), berlin)
    assert ends["Monday, 8:00"].isoformat() == "2026-03-30T08:00:00+02:00"
