"""What a person does about an alert, and whether it has shown its effect yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from dashboards.connections import MessageSender
from dashboards.requests import Request, send_all
from textwire.sentiment_alerts.messages import ActionKind, Alert, AlertAction, AlertState
from textwire.sentiment_alerts.topics import NEWS_ACTIONS

SENT_WORDS: dict[ActionKind, str] = {
    "acknowledge": "Sent: acknowledge",
    "snooze": "Sent: snooze",
    "resolve": "Sent: resolve",
    "reopen": "Sent: re-open",
}


@dataclass(frozen=True)
class Sent(Request):
    """An action under way.

    `state` and `changes` are the alert's when it was sent: as soon as either is another, the
    action has arrived.
    """

    action: AlertAction
    state: AlertState
    changes: int

    def is_done(self, alert: Alert) -> bool:
        """Whether the alert tells of it."""
        return alert.state != self.state or len(alert.changes) > self.changes

    @property
    def words(self) -> str:
        """What was asked for."""
        return SENT_WORDS[self.action.action]


def act(
    alert: Alert,
    kind: ActionKind,
    by: str,
    now: datetime,
    sender: Callable[[], MessageSender],
    until: datetime | None = None,
) -> Sent:
    """Send an action on an alert, and say what became of it."""
    action = AlertAction(alert_id=alert.id, action=kind, id=uuid4().hex, by=by, until=until, at=now)
    problem = send_all([(NEWS_ACTIONS, action)], sender)
    return Sent(action, alert.state, len(alert.changes), asked_at=now, problem=problem)


def still_under_way(sent: Mapping[str, Sent], alerts: Mapping[str, Alert]) -> dict[str, Sent]:
    """The actions whose alerts do not tell of them yet, by alert."""
    return {
        alert_id: one
        for alert_id, one in sent.items()
        if alert_id in alerts and not one.is_done(alerts[alert_id])
    }
