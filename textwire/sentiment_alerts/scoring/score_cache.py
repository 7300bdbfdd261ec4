"""What was read in articles, kept by their content, so that a second run reads nothing anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec.structs import replace

from textwire import __version__
from textwire.errors import DataError
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Article, ArticleSentiment, Sketch
from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer, Scored
from textwire.undecodable import NOT_DECODABLE

TABLE = "CREATE TABLE IF NOT EXISTS scores (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"


class CachedScore(msgspec.Struct, frozen=True, array_like=True):
    """Of an article without its id, time, source and address."""

    sentiment: ArticleSentiment
    sketch: Sketch
    excerpt: str | None


class CachedScorer:
    """Reads as a scorer does, each text once for a model, a watchlist and a version of the code."""

    def __init__(self, scorer: ArticleScorer, path: Path) -> None:
        """Args: path: a file, which is made where there is none.

        Raises: DataError: it cannot be used.
        """
        self._scorer, self._path = scorer, path
        self.linker: Linker = scorer.linker
        self.read_anew = 0
        companies = msgspec.json.encode(list(scorer.linker.companies.values()), order="sorted")
        scope = (__version__, scorer.version, str(scorer.least_tone), str(dict(scorer.thresholds)))
        self._scope = blake2b("|".join(scope).encode() + companies, digest_size=16).digest()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._scores = sqlite3.connect(path)
            self._scores.execute(TABLE)
        except (OSError, sqlite3.Error) as error:
            raise DataError(
                f"The scores {path} cannot be used: {error}. Delete the file, or name another."
            ) from error

    def close(self) -> None:
        """Let the file go."""
        self._scores.close()

    def readable(self, articles: Sequence[Article]) -> list[bool]:
        """Of each article whether the model knows its letters."""
        return self._scorer.readable(articles)

    def read(self, articles: Sequence[Article]) -> list[Scored]:
        """What each article says; those that nobody has read before are classified at once."""
        keys = [self._key(article) for article in articles]
        known = self._known(keys)
        unread = [article for key, article in zip(keys, articles, strict=True) if key not in known]
        fresh = iter(self._scorer.read(unread))
        self.read_anew += len(unread)
        scored = [
            _as_scored(known[key], article) if key in known else next(fresh)
            for key, article in zip(keys, articles, strict=True)
        ]
        self._keep((key, one) for key, one in zip(keys, scored, strict=True) if key not in known)
        return scored

    def _key(self, article: Article) -> bytes:
        text = msgspec.json.encode((article.title, article.body, article.language))
        return blake2b(self._scope + text, digest_size=16).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, CachedScore]:
        marks = ",".join("?" * len(keys))
        rows = self._scores.execute(
            f"SELECT key, value FROM scores WHERE key IN ({marks})",  # noqa: S608 - only marks
            list(keys),
        )
        known = {}
        for key, value in rows:
            try:
                known[key] = msgspec.msgpack.decode(value, type=CachedScore)
            except NOT_DECODABLE:  # of another version, and read anew
                continue
        return known

    def _keep(self, scored: Iterable[tuple[bytes, Scored]]) -> None:
        rows = [
            (key, msgspec.msgpack.encode(CachedScore(one.sentiment, one.sketch, one.excerpt)))
            for key, one in scored
        ]
        with self._scores:
            self._scores.executemany("INSERT OR REPLACE INTO scores VALUES (?, ?)", rows)


def _as_scored(cached: CachedScore, article: Article) -> Scored:
    assert article.id is not None  # noqa: S101 - completed by whoever reads the file
    assert article.published_at is not None  # noqa: S101
    sentiment = replace(
        cached.sentiment,
        article_id=article.id,
        published_at=article.published_at,
        source=article.source,
        url=article.url,
    )
    return Scored(sentiment, cached.sketch, cached.excerpt)
