"""Alerts, and what can be done about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from dashboards import connections
from dashboards.markup import heading, nothing, notice
from dashboards.sentiment_alerts.acting import Sent, still_under_way
from dashboards.sentiment_alerts.alert_words import IN_HAND, UNHANDLED, alert_title, in_order
from dashboards.sentiment_alerts.exporting import alerts_csv, audit_csv
from dashboards.sentiment_alerts.incident_cards import Incident, incident_card, incidents_of
from dashboards.sentiment_alerts.panels.handling import allowed, send_all_of, snooze
from dashboards.sentiment_alerts.panels.selecting import look, show_more
from dashboards.sentiment_alerts.snoozing import snooze_ends
from dashboards.sentiment_alerts.view import View
from dashboards.wording import counted, seconds, whole
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.reading import read_alerts, read_audit, read_desk
from textwire.sentiment_alerts.results.records import DeskStatus

INBOXES = {"Open": UNHANDLED, "In hand": IN_HAND, "Resolved": ("resolved",)}
EVERY = "All"
# Cards in a row; fewer would leave a band of nothing, more would crush the words.
IN_A_ROW = 3
MOST_AUDITED = 2_000
NO_ALERT = {
    "Open": "No alert is open. One is raised when bad news is more than chance explains, an event "
    "is grave, a tone stays down, or no news comes.",
    "In hand": "No alert is acknowledged or snoozed.",
    "Resolved": "No alert has been resolved yet.",
    EVERY: "No alert has been raised yet.",
}
NO_OPEN_ALERT = "No alert is open. Those that were raised are in hand, or over: see Resolved."
NOT_TAKEN_UP = (
    "Is the service up? See Operations; the alert changes as soon as it takes this up. Whether it "
    "was refused: textwire dead list news.actions."
)


def inbox(view: View) -> None:
    """Alerts, and what can be done about them."""
    store, now = connections.results(), connections.now()
    desk = read_desk(store)
    if desk is None:
        return
    alerts = in_order(read_alerts(store))
    incidents = incidents_of(alerts)
    under_way = sent_actions({alert.id: alert for alert in alerts})
    with st.container(key="inbox_head", horizontal=True, vertical_alignment="center"):
        st.html(heading("Alerts", "bad news, or none at all"))
        shown = choose_inbox(incidents)
        export()
    listed = inbox_of(incidents, shown)
    if not listed:
        st.html(nothing(NO_OPEN_ALERT if alerts and shown == "Open" else NO_ALERT[shown]))
        return
    most = st.session_state.setdefault("alerts_shown", IN_A_ROW)
    columns = st.columns(IN_A_ROW)
    for place, incident in enumerate(listed[:most]):
        with columns[place % IN_A_ROW], st.container(key=f"alert_{place}"):
            incident_with_actions(view, incident, under_way, desk, now)
    if len(listed) > most:
        st.button(
            f"Show {counted(len(listed) - most, 'more alert')}", key="more_alerts",
            on_click=show_more, args=("alerts_shown",), type="tertiary",
        )  # fmt: skip
    if st.session_state.pop("moved", False):
        st.rerun()


def choose_inbox(incidents: Sequence[Incident]) -> str:
    """Which alerts are looked at, each inbox with how many it holds."""
    shown = st.segmented_control(
        "Which alerts", [*INBOXES, EVERY], default="Open", required=True, key="inbox",
        format_func=lambda name: f"{name} {whole(len(inbox_of(incidents, name)))}",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    return shown or "Open"


def export() -> None:
    """Alerts, and who did what, as files; read once somebody asks for one."""
    store = connections.results()
    with st.popover("Export", icon=":material/download:"):
        st.download_button(
            "Alerts as CSV", lambda: alerts_csv(read_alerts(store)), "alerts.csv", "text/csv",
            key="alerts_csv", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Who did what, as CSV", lambda: audit_csv(read_audit(store, MOST_AUDITED)),
            "audit.csv", "text/csv", key="audit_csv", on_click="ignore",
        )  # fmt: skip


def incident_with_actions(
    view: View, incident: Incident, sent: Mapping[str, Sent], desk: DeskStatus, now: datetime
) -> None:
    """A card, and below it what the state of the alert that leads it allows, for all of them."""
    lead = incident[0]
    under_way = sent.get(lead.id)
    words = under_way.words if under_way and not under_way.problem else ""
    st.html(incident_card(incident, view.zone, words))
    if under_way and under_way.problem:
        st.html(notice("It could not be sent.", under_way.problem, "bad"))
    elif under_way and under_way.is_late(now, view.settings.answer_timeout_s):
        late = f"Not taken up within {seconds(view.settings.answer_timeout_s)}."
        st.html(notice(late, NOT_TAKEN_UP, "waiting"))
    with st.container(key=f"actions_{lead.id}", horizontal=True, gap="small"):
        for label, kind in allowed(lead):
            st.button(
                label, key=f"{kind}_{lead.id}", on_click=send_all_of, args=(view, incident, kind),
                disabled=bool(words),
            )  # fmt: skip
        if lead.state != "resolved":
            st.menu_button(
                "Snooze", list(snooze_ends(desk.watermark, view.zone)), key=f"snooze_{lead.id}",
                on_click=snooze, args=(view, incident, desk.watermark), disabled=bool(words),
            )  # fmt: skip
        st.button(
            "Articles", key=f"see_{lead.id}", on_click=look, args=(lead,), type="tertiary",
        )  # fmt: skip
        for alert in incident[1:]:
            st.button(
                f"See {alert_title(alert)}", key=f"see_{alert.id}", on_click=look, args=(alert,),
                type="tertiary",
            )  # fmt: skip


def inbox_of(incidents: Sequence[Incident], name: str) -> list[Incident]:
    """The incidents that an inbox holds, each in one: that of its alert which presses most."""
    return [one for one in incidents if name == EVERY or one[0].state in INBOXES[name]]


def sent_actions(alerts: dict[str, Alert]) -> dict[str, Sent]:
    """Actions whose effect does not show yet."""
    under_way = still_under_way(st.session_state.get("sent", {}), alerts)
    st.session_state.sent = under_way
    return under_way
