"""What was read and what people do come to the engine, which counts and raises alerts.

It has a loop of its own: what it does to a batch takes a fraction of what reading one takes, and
in one loop each would wait for the other. So an action is taken up at once, however many wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from textwire.errors import RecordRejected
from textwire.observing.stages import Timed
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.alert_engine.engine import AlertEngine
from textwire.sentiment_alerts.alert_engine.lifecycle import refusal
from textwire.sentiment_alerts.alert_rules import AlertRules
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert, AlertAction, DeskEntry
from textwire.sentiment_alerts.results.keys import owner_key
from textwire.sentiment_alerts.results.reading import read_alerts, read_desk
from textwire.sentiment_alerts.topics import NEWS_ACTIONS, NEWS_ARTICLES, NEWS_DESK, NEWS_FEEDS
from textwire.stream.processor import Outgoing, Received, Result
from textwire.wire.topic import Topic


class Alerting:
    """Folds the engine's log; actions and dead feeds go into the log too."""

    name = "sentiment-alerts-desk"
    inputs: tuple[Topic, ...] = (NEWS_ACTIONS, NEWS_FEEDS, NEWS_DESK)
    model = ""
    # What was read of an article comes with its sketch, some 2 kB.
    batch_bytes = 1_000_000

    def __init__(
        self,
        store: ResultStore,
        settings: SentimentAlertsSettings,
        sectors: Callable[[], Mapping[str, str | None]],
        timed: Timed = nullcontext,
        alert_rules: AlertRules | None = None,
    ) -> None:
        """What the engine stands on.

        Args: store: where its state is. sectors: of the companies that are watched now, by name.
              alert_rules: what is grave. timed: measures a stage of the work, by its name.
        """
        self._store = store
        self._sectors, self._alert_rules = sectors, alert_rules
        self._timed = timed
        self._rules = settings.rules
        self._timing = settings.timing(NEWS_ARTICLES.partitions)

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """What each record leads to.

        Raises: RecordRejected: an action on an alert that there is not, one that its state does not
                allow, or a snooze that has no end or has ended.
                RedisUnavailable: the store is away.
        """
        results: dict[int, Result] = {}
        for topic, do in (
            (NEWS_ACTIONS, self._forward),
            (NEWS_FEEDS, _forward_feeds),
            (NEWS_DESK, self._fold),
        ):
            places = [
                place for place, one in enumerate(batch) if one.record.partition.topic == topic.name
            ]
            if places:
                done = do([batch[place] for place in places])
                results.update(zip(places, done, strict=True))
        return [results[place] for place in range(len(batch))]

    def _forward(self, batch: Sequence[Received]) -> list[Result]:
        actions: list[AlertAction] = [received.message for received in batch]
        owners = self._store.get_many([owner_key(action.alert_id) for action in actions])
        known = {alert.id: alert for alert in read_alerts(self._store)}
        desk = read_desk(self._store)
        for action, owner in zip(actions, owners, strict=True):
            _check_possible(action, owner is not None)
            if (alert := known.get(action.alert_id)) is not None and desk is not None:
                _check_refusal(alert, action, desk.watermark)
        return [Result((Outgoing(NEWS_DESK, DeskEntry(action=one)),)) for one in actions]

    def _fold(self, batch: Sequence[Received]) -> list[Result]:
        with self._timed("desk"):
            engine = AlertEngine(
                self._store, self._timing, self._rules, self._sectors(), self._alert_rules
            )
            return engine.fold([received.message for received in batch])


def _forward_feeds(batch: Sequence[Received]) -> list[Result]:
    """How feeds are doing, for the log."""
    return [Result((Outgoing(NEWS_DESK, DeskEntry(feed=one.message)),)) for one in batch]


def _check_possible(action: AlertAction, alert_exists: bool) -> None:
    if not alert_exists:
        raise RecordRejected(
            f"There is no alert {action.alert_id}, so it cannot be acted upon. Take `alert_id` "
            "from news.alerts or from the page; alerts are kept for 30 days."
        )
    if action.action == "snooze" and action.until is None:
        raise RecordRejected(
            f"The snooze of {action.alert_id} has no end. Say in `until` when it ends."
        )


def _check_refusal(alert: Alert, action: AlertAction, clock: datetime) -> None:
    if reason := refusal(alert, action, clock):
        raise RecordRejected(f"The {action.action} of {alert.id} changes nothing: {reason}.")
