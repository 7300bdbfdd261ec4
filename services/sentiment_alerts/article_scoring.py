"""Articles are read and go to the alert engine, which raises alerts.

Articles come through several partitions, and any replica reads any of them. Alerts follow from all
of them together. So what was read goes to `news.desk`, a topic of one partition; whichever replica
has that partition keeps the counts (`alerting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta

from services.sentiment_alerts.model_holder import ModelHolder
from textwire.errors import RecordRejected
from textwire.observing.stages import Timed
from textwire.sentiment_alerts.messages import Article, DeskEntry
from textwire.sentiment_alerts.topics import NEWS_ARTICLES, NEWS_DESK
from textwire.stream.processor import Outgoing, Received, Result
from textwire.wire.topic import Topic

# Archives reach back so far; what is dated before is a date of another kind, or none.
EARLIEST_YEAR = 1600


class ArticleScoring:
    """Reads batches of articles with the model that stands when the batch begins."""

    name = "sentiment-alerts"
    inputs: tuple[Topic, ...] = (NEWS_ARTICLES,)

    def __init__(
        self,
        scorer: ModelHolder,
        ahead_hours: float,
        clock: Callable[[], datetime],
        timed: Timed = nullcontext,
    ) -> None:
        """What the reading stands on.

        Args: ahead_hours: by how much an article may be dated later than it was sent.
              clock: a record itself may be dated later than that.
              timed: measures a stage of the work, by its name.
        """
        self._scorer = scorer
        self._ahead = timedelta(hours=ahead_hours)
        self._clock = clock
        self._timed = timed

    @property
    def model(self) -> str:
        """The version of the model in use."""
        return self._scorer.now.version

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """What each article says, for the alert engine.

        Raises: RecordRejected: an article without a headline, dated far ahead, or before there were
                news.
        """
        articles = [self._checked(received) for received in batch]
        with self._timed("infer"):
            scored = self._scorer.now.read(articles)
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

    def _checked(self, received: Received) -> Article:
        article: Article = received.message
        if not article.title.strip():
            raise RecordRejected("The article's title is empty. Send its headline in `title`.")
        sent_at = min(received.record.at, self._clock())
        if article.published_at is not None:
            self._check_date(article.published_at, sent_at)
        return article

    def _check_date(self, published_at: datetime, sent_at: datetime) -> None:
        if published_at.year < EARLIEST_YEAR:
            raise RecordRejected(
                f"The article is dated in the year {published_at.year}. Send when it was published "
                "in `published_at`, or leave it out."
            )
        if published_at > sent_at + self._ahead:
            raise RecordRejected(
                f"The article is dated {published_at:%Y-%m-%d %H:%M} UTC and was sent at "
                f"{sent_at:%Y-%m-%d %H:%M} UTC. One that is so far ahead would make all others "
                "late: mend the sender's clock, or raise sentiment_alerts.ahead_hours."
            )


def _to_desk(entry: DeskEntry) -> Result:
    return Result((Outgoing(NEWS_DESK, entry),))
