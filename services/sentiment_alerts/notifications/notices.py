"""What people read: an alert, or the alerts of a day, in their own sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from textwire.sentiment_alerts.alert_rules import LEVELS
from textwire.sentiment_alerts.messages import Alert

Tone = Literal["info", "success", "warning", "failure"]
TONES: dict[str, Tone] = {"low": "info", "medium": "warning", "high": "failure"}
KINDS = {
    "surge": "surge of bad news",
    "event": "event",
    "shift": "fall of tone",
    "market": "fall of the market's tone",
    "silence": "silence",
}
MOST_IN_DIGEST = 50


class Notice(msgspec.Struct, frozen=True):
    """A message for people, in plain text."""

    title: str
    body: str
    tone: Tone = "info"


def notice_of(alert: Alert) -> Notice:
    """An alert as it is now."""
    title = f"[{alert.severity}] {_subject(alert)}: {_kind(alert)} {alert.transition}"
    lines = [alert.digest]
    if alert.kind == "surge":
        lines.append(f"{alert.observed} negative articles where {alert.expected:.1f} are usual.")
    if alert.changes and (change := alert.changes[-1]).by:
        lines.append(f"{change.state} by {change.by}" + (f": {change.note}" if change.note else ""))
    lines.append(
        f"Alert {alert.id}, version {alert.version}, {alert.updated_at:%Y-%m-%d %H:%M} UTC"
    )
    over = alert.state == "resolved"
    return Notice(title, "\n".join(lines), "success" if over else TONES[alert.severity])


def digest_of(alerts: Sequence[Alert], day: date) -> Notice:
    """A day's alerts in the sentences that they have, the gravest first."""
    ranked = sorted(alerts, key=lambda one: (-LEVELS.index(one.severity), one.raised_at, one.id))
    still = sum(one.state != "resolved" for one in alerts)
    title = f"Textwire, {day:%d %B %Y}: {len(alerts)} alerts, {still} not resolved"
    if not ranked:
        return Notice(title, "There was no alert in the last 24 hours.")
    lines = [
        f"[{one.severity}, {one.state}] {_subject(one)}, {_kind(one)} "
        f"at {one.raised_at:%H:%M} UTC: {one.digest}"
        for one in ranked[:MOST_IN_DIGEST]
    ]
    if len(ranked) > MOST_IN_DIGEST:
        lines.append(f"And {len(ranked) - MOST_IN_DIGEST} more.")
    return Notice(title, "\n\n".join(lines), TONES[ranked[0].severity])


def _subject(alert: Alert) -> str:
    if alert.entity and alert.topic:
        return f"{alert.entity} ({alert.topic})"
    return alert.entity or alert.topic or ("The market" if alert.kind == "market" else "The news")


def _kind(alert: Alert) -> str:
    return alert.rule or KINDS.get(alert.kind, alert.kind)
