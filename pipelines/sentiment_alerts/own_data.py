"""Anyone's own data: one file of labelled articles, and maybe a watchlist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.rows import AS_OURS, ReadingArticles, read_articles
from pipelines.training_data.data_files import by_path
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.watchlist import read_watchlist


@dataclass(frozen=True)
class OwnArticles:
    """A source of data: a file of articles, with the topics that they name."""

    articles: Path
    watchlist: Path | None = None
    reading: ReadingArticles = AS_OURS

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder that holds it all."""
        return by_path(self.articles, *([self.watchlist] if self.watchlist else []))

    def read(self) -> NewsData:
        """All of it, checked.

        Raises: DataError, DataFileError, SettingsError: files or rows are wrong.
        """
        parts = read_articles(self.articles, self.reading)
        both = (*parts.train, *parts.held_out)
        topics = tuple(sorted({topic for article in both for topic in article.topics or ()}))
        companies = read_watchlist(self.watchlist) if self.watchlist else []
        linker = Linker(companies)
        return NewsData(topics, parts.train, parts.held_out, linker, parts.repeated).checked()
