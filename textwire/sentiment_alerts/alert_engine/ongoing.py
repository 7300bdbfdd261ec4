"""Alerts that are no surges, while they last: what they say changes, and their life stays."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.lifecycle import changed, is_snoozed, told
from textwire.sentiment_alerts.alert_engine.state import OngoingAlert
from textwire.sentiment_alerts.event_time import moment_of
from textwire.sentiment_alerts.messages import Alert, AlertChange, AlertState


def go_on(one: OngoingAlert, now: Alert, at: datetime, clock_ms: int) -> None:
    """Let an alert say what it says now; a snooze that it has outgrown ends.

    Args: now: as it would be written anew. at: when it came to that, in the articles' time.
    """
    before = one.alert
    one.alert = replace(
        now,
        id=before.id,
        state=before.state,
        version=before.version,
        raised_at=before.raised_at,
        snoozed_until=before.snoozed_until,
        changes=before.changes,
        incident_id=before.incident_id,
    )
    if one.alert.state == "snoozed" and not is_still_snoozed(one, clock_ms):
        one.alert = moved(one.alert, "reopened", at)
    one.alert = told(before, one.alert)


def is_still_snoozed(one: OngoingAlert, clock_ms: int) -> bool:
    """Whether a snooze lasts."""
    handling = one.handling
    return handling is not None and is_snoozed(handling, one.alert.severity, moment_of(clock_ms))


def moved(alert: Alert, state: AlertState, at: datetime, note: str | None = None) -> Alert:
    """The alert in another state, by the stream."""
    return replace(changed(alert, AlertChange(at=at, state=state, note=note)), snoozed_until=None)
