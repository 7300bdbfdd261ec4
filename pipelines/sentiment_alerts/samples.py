"""The sample world's news, or a folder like it: three files in JSON Lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.data_files import by_path, read_messages
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
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder."""
        names = ("articles", "topics", "watchlist")
        return by_path(*(self.folder / f"{name}.jsonl" for name in names))

    def read(self) -> NewsData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        articles, topics, watchlist = self.files.values()
        names = tuple(row.topic for row in read_messages(topics, TopicRow))
        parts = read_articles(articles, names)
        linker = Linker(read_watchlist(watchlist))
        return NewsData(names, parts.train, parts.held_out, linker, parts.repeated).checked()
