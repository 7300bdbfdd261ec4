"""Alerts of one cause as one card: what presses most, and what alarms with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dashboards.markup import Pill
from dashboards.rendering import render
from dashboards.sentiment_alerts.alert_words import (
    alert_card,
    alert_title,
    observed_words,
    severity_pill,
)
from dashboards.wording import counted
from textwire.sentiment_alerts.messages import Alert

Incident = tuple[Alert, ...]
# More are counted in words.
LISTED = 4


@dataclass(frozen=True)
class AlongsideView:
    """An alert below the one that leads its incident."""

    severity: Pill
    title: str
    observed: str


def incidents_of(alerts: Iterable[Alert]) -> list[Incident]:
    """Alerts that have an incident in common, in the order of the first of each."""
    together: dict[str, list[Alert]] = {}
    for alert in alerts:
        together.setdefault(alert.incident_id or alert.id, []).append(alert)
    return [tuple(incident) for incident in together.values()]


def incident_card(incident: Incident, zone: tzinfo, sent: str = "") -> str:
    """An incident at a glance: its first alert, and the others by name.

    Args: sent: what was asked for and has not shown its effect yet.
    """
    lead, *others = incident
    return alert_card(lead, zone, sent) + (_alongside(others) if others else "")


def _alongside(others: Sequence[Alert]) -> str:
    companies = {alert.entity for alert in others if alert.entity}
    more = len(others) - LISTED
    return render(
        "sentiment_alerts/alongside.html",
        words=f"One incident with {counted(len(others), 'more alert')}"
        + (f", {counted(len(companies), 'company', 'companies')}" if companies else ""),
        others=[
            AlongsideView(severity_pill(one), alert_title(one), observed_words(one))
            for one in others[:LISTED]
        ],
        more=f"and {more} more" if more > 0 else "",
    )
