"""The pure middle of sentiment alerts: articles are read and go to the desk, which raises alerts.

Articles come through several partitions, and any replica reads any of them. Alerts follow from all
of them together. So what was read goes to `news.desk`, a topic of one partition, and so do people's
actions; whichever replica has that partition keeps the counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from services.sentiment_alerts.reading import CurrentReader
from textwire.errors import RecordRejected
from textwire.messages import AlertAction, Article, DeskEntry
from textwire.news.config import SentimentAlertsSettings
from textwire.news.desk import Desk
from textwire.news.desk_state import owner_key
from textwire.results.store import ResultStore
from textwire.stream.processor import Outgoing, Received, Result
from textwire.topics import NEWS_ACTIONS, NEWS_ARTICLES, NEWS_DESK, Topic

Timed = Callable[[str], AbstractContextManager[object]]


class SentimentAlerts:
    """Reads batches of articles with the model that stands when the batch begins."""

    name = "sentiment-alerts"
    inputs: tuple[Topic, ...] = (NEWS_ARTICLES, NEWS_ACTIONS, NEWS_DESK)

    def __init__(
        self,
        reader: CurrentReader,
        store: ResultStore,
        settings: SentimentAlertsSettings,
        timed: Timed = nullcontext,
    ) -> None:
        """What the service stands on.

        Args: store: where the desk's state is. timed: measures a stage of the work, by its name.
        """
        self._reader = reader
        self._store = store
        self._timed = timed
        self._rules = settings.rules
        self._timing = settings.timing(NEWS_ARTICLES.partitions)
        self._ahead = timedelta(hours=settings.ahead_hours)

    @property
    def model(self) -> str:
        """The version of the model in use."""
        return self._reader.now.version

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """What each record leads to.

        Raises: RecordRejected: an article without a headline or dated far ahead; an action on an
                alert that there is not, or a snooze without an end.
                RedisUnavailable: the store is away.
        """
        work = {
            NEWS_ARTICLES.name: self._read,
            NEWS_ACTIONS.name: self._forward,
            NEWS_DESK.name: self._keep_desk,
        }
        results: dict[int, Result] = {}
        for topic, do in work.items():
            places = [
                place for place, one in enumerate(batch) if one.record.partition.topic == topic
            ]
            if places:
                done = do([batch[place] for place in places])
                results.update(zip(places, done, strict=True))
        return [results[place] for place in range(len(batch))]

    def _read(self, batch: Sequence[Received]) -> list[Result]:
        articles = [self._checked(received) for received in batch]
        with self._timed("infer"):
            scored = self._reader.now.read(articles)
        return [
            _to_desk(
                DeskEntry(
                    sentiment=one.sentiment,
                    fingerprint=one.fingerprint,
                    excerpt=one.excerpt,
                    partition=received.record.partition.number,
                    written_at=received.record.at,
                )
            )
            for received, one in zip(batch, scored, strict=True)
        ]

    def _forward(self, batch: Sequence[Received]) -> list[Result]:
        actions: list[AlertAction] = [received.message for received in batch]
        owners = self._store.get_many([owner_key(action.alert_id) for action in actions])
        return [
            _to_desk(DeskEntry(action=_possible(action, owner is not None)))
            for action, owner in zip(actions, owners, strict=True)
        ]

    def _keep_desk(self, batch: Sequence[Received]) -> list[Result]:
        with self._timed("desk"):
            desk = Desk(self._store, self._timing, self._rules, self._reader.now.linker.sectors)
            return desk.fold([received.message for received in batch])

    def _checked(self, received: Received) -> Article:
        article: Article = received.message
        if not article.title.strip():
            raise RecordRejected("The article's title is empty. Send its headline in `title`.")
        written_at = received.record.at
        if article.published_at is not None and article.published_at > written_at + self._ahead:
            raise RecordRejected(
                f"The article is dated {article.published_at:%Y-%m-%d %H:%M} UTC and was sent at "
                f"{written_at:%Y-%m-%d %H:%M} UTC. One that is so far ahead would make all others "
                "late: mend the sender's clock, or raise sentiment_alerts.ahead_hours."
            )
        return article


def _possible(action: AlertAction, alert_exists: bool) -> AlertAction:
    if not alert_exists:
        raise RecordRejected(
            f"There is no alert {action.alert_id}, so it cannot be acted upon. Take `alert_id` "
            "from news.alerts or from the page; alerts are kept for 30 days."
        )
    if action.action == "snooze" and action.until is None:
        raise RecordRejected(
            f"The snooze of {action.alert_id} has no end. Say in `until` when it ends."
        )
    return action


def _to_desk(entry: DeskEntry) -> Result:
    return Result((Outgoing(NEWS_DESK, entry),))
