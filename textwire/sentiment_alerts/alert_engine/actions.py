"""What people do about alerts, at its place in the log."""

from __future__ import annotations

from textwire.sentiment_alerts.alert_engine.changes import Changes
from textwire.sentiment_alerts.alert_engine.lifecycle import acted, handled
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import read_owner
from textwire.sentiment_alerts.event_time import moment_of
from textwire.sentiment_alerts.messages import Alert, AlertAction
from textwire.sentiment_alerts.results import alert_writes, read_alerts
from textwire.sentiment_alerts.surges import foreseen
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.stream.processor import Outgoing


class Actions:
    """Applies actions to the alerts that they name."""

    def __init__(self, memory: Memory, publishing: Publishing, changes: Changes) -> None:
        self._memory, self._publishing, self._changes = memory, publishing, changes

    def act(self, action: AlertAction) -> None:
        """Apply an action; one on an alert that was let go meanwhile changes nothing."""
        memory = self._memory
        name = read_owner(memory.store, action.alert_id) or memory.owner_here(action.alert_id)
        if name is None or not memory.has_begun:
            return
        memory.load([name])
        entity = memory.entity(name)
        episode, alert = entity.series.episode, entity.announced
        if alert is None or alert.id != action.alert_id:
            self._act_on_old(action)
            return
        if alert.state == "resolved" and episode is not None and not episode.under_way:
            self._publishing.publish(name, self._acted(alert, action))
            return
        closed = memory.state.closed
        surge_test = memory.surge_test(closed + memory.timing.window)
        series = foreseen(entity.series, closed, surge_test)
        if series.episode is None:
            return
        entity.handling = handled(action, series.episode)
        self._publishing.publish(name, self._acted(alert, action))

    def _act_on_old(self, action: AlertAction) -> None:
        """On an alert in whose place there is another one by now."""
        for alert in read_alerts(self._memory.store):
            if alert.id == action.alert_id:
                after = self._acted(alert, action)
                self._changes.writes += alert_writes(after)
                self._changes.messages.append(Outgoing(NEWS_ALERTS, after))

    def _acted(self, alert: Alert, action: AlertAction) -> Alert:
        return acted(alert, action, action.at or moment_of(self._memory.state.clock_ms))
