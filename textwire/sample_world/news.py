"""The sample news in their time: three days of them, again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import msgspec

from textwire.errors import DataError
from textwire.sentiment_alerts.messages import Article
from textwire.undecodable import NOT_DECODABLE

LENGTH = timedelta(hours=72)


class TimedArticle(msgspec.Struct, kw_only=True):
    """An article as the file has it: published so many minutes after the world's start."""

    id: str
    minute: int
    title: str
    body: str | None = None
    source: str | None = None
    url: str | None = None

    def at(self, start: datetime, edition: str) -> Article:
        """The article, in a world that starts at a moment."""
        return Article(
            id=f"{edition}-{self.id}",
            title=self.title,
            body=self.body,
            source=self.source,
            url=self.url,
            language="en",
            published_at=start + timedelta(minutes=self.minute),
        )


def sample_articles(folder: Path) -> list[TimedArticle]:
    """All articles of the sample news in a folder, in the order of their time.

    Raises: DataError: the file is missing or broken.
    """
    path = folder / "articles.jsonl"
    try:
        articles = msgspec.json.Decoder(TimedArticle).decode_lines(path.read_bytes())
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(f"The samples {path} cannot be read: {error}. Install anew.") from error
    return sorted(articles, key=lambda article: article.minute)


def news_for_ever(articles: Sequence[TimedArticle], start: datetime) -> Iterator[Article]:
    """The articles in their time from a start on, and from their beginning again after each end.

    An id names the day on which its round began, so that the same world has the same ids.
    """
    for number in count():
        began = start + number * LENGTH
        edition = f"{began:%Y%m%d}"
        yield from (article.at(began, edition) for article in articles)
