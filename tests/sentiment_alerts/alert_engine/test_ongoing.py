"""What becomes of an alert's life when it says something new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.lifecycle import acted, handled, told
from textwire.sentiment_alerts.alert_engine.ongoing import go_on, is_still_snoozed
from textwire.sentiment_alerts.alert_engine.state import OngoingAlert
from textwire.sentiment_alerts.event_time import as_ms
from textwire.sentiment_alerts.messages import Alert, AlertAction, AlertState, Severity

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNTIL = NOON + timedelta(hours=4)


def written(severity: Severity = "medium", observed: int = 1, id_: str = "alert-new") -> Alert:
    """An alert as it is written anew, without any life."""
    return Alert(
        id=id_,
        entity="Orvelle",
        topic=None,
        kind="shift",
        severity=severity,
        state="open",
        window_start=NOON,
        window_end=NOON,
        observed=observed,
        expected=0.0,
        p_value=0.0,
        article_ids=(),
        digest="",
        raised_at=NOON + timedelta(hours=observed),
        updated_at=NOON,
    )


@pytest.fixture
def snoozed() -> OngoingAlert:
    """One that a person has snoozed until four o'clock."""
    alert = told(None, replace(written(id_="alert-1"), incident_id="incident-1"))
    action = AlertAction(alert_id="alert-1", action="snooze", until=UNTIL, at=NOON)
    after = told(alert, acted(alert, action, NOON))
    return OngoingAlert(after, as_ms(NOON), handled(action, after))


def test_what_it_says_is_new_and_its_life_stays(snoozed: OngoingAlert) -> None:
    before, hour_later = snoozed.alert, NOON + timedelta(hours=1)
    go_on(snoozed, written(observed=3), hour_later, as_ms(hour_later))
    after = snoozed.alert
    assert (after.observed, after.state, after.snoozed_until) == (3, "snoozed", UNTIL)
    assert (after.id, after.incident_id) == ("alert-1", "incident-1")
    assert after.raised_at == before.raised_at
    assert after.changes == before.changes
    assert after.version > before.version


@pytest.mark.parametrize(
    ("severity", "hours", "state"),
    [("medium", 1, "snoozed"), ("low", 1, "snoozed"), ("high", 1, "reopened"),
     ("medium", 5, "reopened")],
)  # fmt: skip
def test_a_snooze_ends_at_its_time_or_when_the_alert_grows_graver(
    snoozed: OngoingAlert, severity: Severity, hours: int, state: AlertState
) -> None:
    at = NOON + timedelta(hours=hours)
    go_on(snoozed, written(severity), at, as_ms(at))
    assert snoozed.alert.state == state
    assert (snoozed.alert.snoozed_until is None) == (state == "reopened")


def test_one_that_nobody_has_handled_is_not_snoozed() -> None:
    assert not is_still_snoozed(OngoingAlert(written(), 0), 0)
