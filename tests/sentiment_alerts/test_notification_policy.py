"""Who is told of what about an alert, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.dashboards.sentiment_alerts.examples import alert
from textwire.sentiment_alerts.notification_policy import NotificationPolicy, QuietHours

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NIGHT = QuietHours.parse("22:00-07:00", "America/New_York")


@pytest.mark.parametrize("transition", ["opened", "escalated", "reopened", "resolved"])
def test_what_an_alert_comes_to_is_told_at_once(transition: str) -> None:
    assert NotificationPolicy().when(alert(transition=transition), NOON) == NOON


@pytest.mark.parametrize("transition", ["updated", "acknowledged", "snoozed", "withdrawn"])
def test_not_every_article_and_not_what_people_did_themselves(transition: str) -> None:
    assert NotificationPolicy().when(alert(transition=transition), NOON) is None


def test_nothing_is_told_of_what_is_snoozed() -> None:
    assert NotificationPolicy().when(alert(transition="escalated", state="snoozed"), NOON) is None


def test_a_route_is_by_severity_and_company() -> None:
    opened = alert(transition="opened", severity="medium")
    assert NotificationPolicy(least="high").when(opened, NOON) is None
    assert NotificationPolicy(least="medium").when(opened, NOON) == NOON
    assert NotificationPolicy(companies=["Larkfield"]).when(opened, NOON) is None
    assert NotificationPolicy(companies=["Orvelle Software"]).when(opened, NOON) == NOON


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (datetime(2026, 3, 3, 3, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC)),
        (datetime(2026, 3, 3, 11, 59, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC)),
        (
            datetime(2026, 3, 8, 4, tzinfo=UTC),
            datetime(2026, 3, 8, 11, tzinfo=UTC),
        ),
        (datetime(2026, 3, 3, 12, tzinfo=UTC), None),
        (datetime(2026, 3, 3, 2, 59, tzinfo=UTC), None),
    ],
)
def test_quiet_hours_are_by_a_zones_clock(at: datetime, ends: datetime | None) -> None:
    assert NIGHT is not None
    assert NIGHT.end_of(at) == ends


def test_in_quiet_hours_only_the_gravest_is_told_at_once() -> None:
    policy, at = NotificationPolicy(quiet=NIGHT), datetime(2026, 3, 3, 3, tzinfo=UTC)
    assert policy.when(alert(transition="opened", severity="high"), at) == at
    later = policy.when(alert(transition="opened", severity="low"), at)
    assert later == datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_what_is_grouped_waits_a_little() -> None:
    policy = NotificationPolicy(group_s=30)
    assert policy.when(alert(transition="opened"), NOON) == NOON + timedelta(seconds=30)


@pytest.mark.parametrize("text", ["22:00", "22-7", "late-early"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        QuietHours.parse(text, "UTC")
