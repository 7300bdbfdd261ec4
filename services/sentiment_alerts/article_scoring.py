"""Articles are read and go to the alert engine, which raises alerts.

Articles come through several partitions, and any replica reads any of them. Alerts follow from all
of them together. So what was read goes to `news.desk`, a topic of one partition; whichever replica
has that partition keeps the counts (`alerting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from threading import Event

from msgspec.structs import replace

from services.sentiment_alerts.model_holder import ModelHolder
from textwire.errors import RecordRejected, Unavailable
from textwire.observing.stages import Timed
from textwire.sentiment_alerts.messages import Article, DeskEntry
from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer
from textwire.sentiment_alerts.scoring.plain_text import plain_text
from textwire.sentiment_alerts.topics import NEWS_ARTICLES, NEWS_DESK
from textwire.stream.processor import Outgoing, Received, Result
from textwire.wire.topic import Topic

# Archives reach back so far; what is dated before is a date of another kind, or none.
EARLIEST_YEAR = 1600
SHOWN_LETTERS = 40


def uncounted() -> None:
    """Nobody counts what is dated ahead."""


class ArticleScoring:
    """Reads batches of articles with the model that stands when the batch begins."""

    name = "sentiment-alerts"
    inputs: tuple[Topic, ...] = (NEWS_ARTICLES,)

    def __init__(
        self,
        scorer: ModelHolder,
        ahead_minutes: float,
        clock: Callable[[], datetime],
        timed: Timed = nullcontext,
        dated_ahead: Callable[[], None] = uncounted,
        watchlist_read: Event | None = None,
    ) -> None:
        """What the reading stands on.

        Args: ahead_minutes: by how much an article may be dated later than it was sent.
              clock: a record itself may be dated later than that.
              timed: measures a stage of the work, by its name.
              dated_ahead: told of each article that is dated further ahead.
              watchlist_read: set once it is known whom to look for; None where it is known.
        """
        self._scorer = scorer
        self._ahead = timedelta(minutes=ahead_minutes)
        self._dated_ahead = dated_ahead
        self._clock = clock
        self._timed = timed
        self._watchlist_read = watchlist_read

    @property
    def model(self) -> str:
        """The version of the model in use."""
        return self._scorer.now.version

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """What each article says, for the alert engine.

        An article that is dated ahead is taken to be of when it was sent: event time must not run
        ahead of the clock, or all others come late.

        Raises: RecordRejected: an article without a headline, dated before there were news, or in
                letters that the model does not know.
                Unavailable: the watchlist is still being read.
        """
        if self._watchlist_read is not None and not self._watchlist_read.is_set():
            raise Unavailable("The watchlist is still being read.")
        articles = [self._checked(received) for received in batch]
        scorer = self._scorer.now
        _require_readable(articles, scorer)
        with self._timed("infer"):
            scored = scorer.read(articles)
        return [
            _to_desk(
                DeskEntry(
                    sentiment=one.sentiment,
                    sketch=one.sketch,
                    excerpt=one.excerpt,
                    partition=received.record.partition.number,
                    written_at=received.record.at,
                )
            )
            for received, one in zip(batch, scored, strict=True)
        ]

    def _checked(self, received: Received) -> Article:
        article: Article = received.message
        if not plain_text(article.title):
            raise RecordRejected("The article's title is empty. Send its headline in `title`.")
        if article.published_at is None:
            return article
        if article.published_at.year < EARLIEST_YEAR:
            raise RecordRejected(
                f"The article is dated in the year {article.published_at.year}. Send when it was "
                "published in `published_at`, or leave it out."
            )
        sent_at = min(received.record.at, self._clock())
        if article.published_at <= sent_at + self._ahead:
            return article
        self._dated_ahead()
        return replace(article, published_at=sent_at)


def _require_readable(articles: Sequence[Article], scorer: ArticleScorer) -> None:
    for article, readable in zip(articles, scorer.readable(articles), strict=True):
        if not readable:
            raise RecordRejected(
                f"The model {scorer.version} does not know the letters of the article "
                f"{article.title[:SHOWN_LETTERS]!r}, so it was not read. Send it where one of its "
                "language reads, or train one on a base that knows them: docs/chinese.md."
            )


def _to_desk(entry: DeskEntry) -> Result:
    return Result((Outgoing(NEWS_DESK, entry),))
