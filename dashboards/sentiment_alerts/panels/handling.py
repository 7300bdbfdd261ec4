"""What the buttons below an alert do."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboards import connections
from dashboards.sentiment_alerts.acting import act
from dashboards.sentiment_alerts.incident_cards import Incident
from dashboards.sentiment_alerts.snoozing import snooze_ends
from dashboards.sentiment_alerts.view import View
from dashboards.signing_in.current import signed_in_name
from textwire.sentiment_alerts.messages import ActionKind, Alert


def allowed(alert: Alert) -> list[tuple[str, ActionKind]]:
    """What its state lets a person do, beside snoozing."""
    if alert.state == "resolved":
        return [("Re-open", "reopen")]
    if alert.state == "acknowledged":
        return [("Resolve", "resolve")]
    return [("Acknowledge", "acknowledge"), ("Resolve", "resolve")]


def send(view: View, alert: Alert, kind: ActionKind, until: datetime | None = None) -> None:
    """Send what a button says."""
    now = connections.now()
    sent = act(
        alert, kind, signed_in_name() or view.settings.acts_as, now, connections.sender, until
    )
    st.session_state.sent = {**st.session_state.get("sent", {}), alert.id: sent}


def send_all_of(
    view: View, incident: Incident, kind: ActionKind, until: datetime | None = None
) -> None:
    """Send it for each alert of an incident that it is possible for."""
    for alert in incident:
        if kind == "snooze" or kind in [possible for _, possible in allowed(alert)]:
            send(view, alert, kind, until)


def snooze(view: View, incident: Incident, watermark: datetime) -> None:
    """Send the snooze that was chosen."""
    until = snooze_ends(watermark, view.zone).get(st.session_state[f"snooze_{incident[0].id}"])
    if until is not None:
        send_all_of(view, incident, "snooze", until)
