"""Data in a folder like the sample news."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.data_files import read_messages
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.rows import read_articles
from textwire.sentiment_alerts.entity_linking import Linker
from textwire.sentiment_alerts.watchlist import read_watchlist
from textwire.wire.message import Message


class TopicRow(Message, frozen=True):
    """A topic that an article can have."""

    topic: str


@dataclass(frozen=True)
class SampleNews:
    """A source of data: `articles`, `topics` and `watchlist`.jsonl."""

    folder: Path

    @property
    def files(self) -> list[Path]:
        """What is read."""
        return [self.folder / f"{name}.jsonl" for name in ("articles", "topics", "watchlist")]

    def read(self) -> NewsData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        articles, topics, watchlist = self.files
        names = tuple(row.topic for row in read_messages(topics, TopicRow))
        parts = read_articles(articles, names)
        linker = Linker(read_watchlist(watchlist))
        return NewsData(names, parts.train, parts.held_out, linker, parts.repeated).checked()
