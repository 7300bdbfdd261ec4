from __future__ import annotations

from datetime import UTC, datetime

import pytest

from textwire.retry_after import retry_after_s

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("17", 17.0),
        ("Mon, 02 Mar 2026 12:01:30 GMT", 90.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0),
        ("Mon, 02 Mar 2026 13:00:30 +0100", 30.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("٣", 0.0),
        ("Mon, 99 Mar 99999 12:01:30 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float) -> None:
    assert retry_after_s({"Retry-After": text}, NOW) == seconds


def test_without_retry_after_nothing_is_asked_for() -> None:
    assert retry_after_s({}, NOW) == 0.0
