from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from textwire.sentiment_alerts.feeds.dates import feed_moment

NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 02 Mar 2026 09:30:00 GMT",
        "Mon, 02 Mar 2026 04:30:00 EST",
        "Mon, 02 Mar 2026 10:30:00 +0100",
        "Mon, 02 Mar 2026 10:30:00 CET",
        "02 Mar 26 09:30:00 Z",
        "Tue, 2 Mar 2026 09:30 UT",
        "2026-03-02T09:30:00Z",
        "2026-03-02 10:30:00+01:00",
        "1772443800",
        "1772443800000",
    ],
)
def test_a_time_with_a_zone_is_what_it_says(text: str) -> None:
    assert feed_moment(text, NEW_YORK) == NINE


@pytest.mark.parametrize(
    "text", ["Mon, 02 Mar 2026 04:30:00", "2026-03-02T04:30:00", "Mon, 02 Mar 2026 04:30:00 -0000"]
)
def test_a_time_without_a_zone_is_of_the_zone_that_is_given(text: str) -> None:
    assert feed_moment(text, NEW_YORK) == NINE


@pytest.mark.parametrize("text", ["", "soon", "Mon, 99 Mar 2026 09:30:00 GMT", "0000-00-00"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert feed_moment(text) is None
