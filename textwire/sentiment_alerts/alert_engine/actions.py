"""What people do about alerts, at its place in the log."""

from __future__ import annotations

from textwire.sentiment_alerts.alert_engine.changes import Changes
from textwire.sentiment_alerts.alert_engine.lifecycle import acted, handled, refusal, told
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import OngoingAlert, read_owner
from textwire.sentiment_alerts.event_time import moment_of
from textwire.sentiment_alerts.messages import Alert, AlertAction
from textwire.sentiment_alerts.results.reading import read_alerts
from textwire.sentiment_alerts.results.records import Audited
from textwire.sentiment_alerts.results.writing import alert_writes, audit_writes
from textwire.sentiment_alerts.surges.stepping import foreseen
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.stream.processor import Outgoing


class Actions:
    """Applies actions to the alerts that they name."""

    def __init__(self, memory: Memory, publishing: Publishing, changes: Changes) -> None:
        self._memory, self._publishing, self._changes = memory, publishing, changes

    def act(self, action: AlertAction) -> None:
        """Apply an action, unless it is not possible or its alert was let go."""
        memory = self._memory
        name = read_owner(memory.store, action.alert_id) or memory.owner_here(action.alert_id)
        if name is None or not memory.has_begun:
            return
        if (standing := memory.state.standing.get(name)) is not None:
            self._act_on_standing(name, standing, action)
            return
        memory.load([name])
        entity = memory.entity(name)
        episode, alert = entity.series.episode, entity.announced
        if alert is None or alert.id != action.alert_id:
            self._act_on_old(action)
            return
        if self._is_refused(alert, action):
            return
        closed = memory.state.closed
        surge_test = memory.surge_test(closed + memory.timing.window)
        episode = foreseen(entity.series, closed, surge_test).episode
        if episode is not None:
            entity.handling = handled(action, alert, episode.times)
        self._publish(name, alert, action)

    def _act_on_standing(self, name: str, standing: OngoingAlert, action: AlertAction) -> None:
        alert = standing.alert
        if alert.id != action.alert_id:
            self._act_on_old(action)
        elif not self._is_refused(alert, action):
            standing.handling = handled(action, alert)
            standing.alert = told(alert, self._acted(alert, action))
            self._publishing.send(name, standing.alert, is_new=False)
            self._note(alert, standing.alert, action)

    def _publish(self, name: str, alert: Alert, action: AlertAction) -> None:
        self._publishing.publish(name, self._acted(alert, action))
        self._note(alert, self._acted(alert, action), action)

    def _act_on_old(self, action: AlertAction) -> None:
        """On an alert in whose place there is another one by now."""
        for alert in read_alerts(self._memory.store):
            if alert.id == action.alert_id and not self._is_refused(alert, action):
                after = told(alert, self._acted(alert, action))
                self._changes.writes += alert_writes(after)
                self._changes.messages.append(Outgoing(NEWS_ALERTS, after))
                self._note(alert, after, action)

    def _is_refused(self, alert: Alert, action: AlertAction) -> bool:
        return refusal(alert, action, moment_of(self._memory.state.clock_ms)) is not None

    def _acted(self, alert: Alert, action: AlertAction) -> Alert:
        return acted(alert, action, action.at or moment_of(self._memory.state.clock_ms))

    def _note(self, before: Alert, after: Alert, action: AlertAction) -> None:
        """Who did what, kept longer than the alert."""
        self._changes.writes += audit_writes(
            Audited(
                alert_id=after.id,
                entity=after.entity,
                topic=after.topic,
                at=after.changes[-1].at,
                by=action.by,
                action=action.action,
                before=before.state,
                after=after.state,
                until=after.snoozed_until,
                note=action.note,
            )
        )
