"""An article of the log: which original it repeats, what pages and the stream see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from textwire.results.writes import Write
from textwire.sentiment_alerts.alert_engine import names
from textwire.sentiment_alerts.alert_engine.changes import Changes
from textwire.sentiment_alerts.alert_engine.counting import Counting
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.event_time import HOUR_MS, as_ms
from textwire.sentiment_alerts.messages import ArticleSentiment, DeskEntry
from textwire.sentiment_alerts.near_duplicates import RecentArticles
from textwire.sentiment_alerts.results import (
    Company,
    StoredArticle,
    article_writes,
    company_writes,
    read_articles,
    subjects_of,
)
from textwire.sentiment_alerts.topics import NEWS_SENTIMENT
from textwire.stream.processor import Outgoing

COPY_WINDOW_MS = 24 * HOUR_MS


class Articles:
    """Takes the articles of one batch, each beside those that came within a day of it."""

    def __init__(
        self,
        entries: Sequence[DeskEntry],
        memory: Memory,
        counting: Counting,
        changes: Changes,
        sectors: Mapping[str, str | None],
    ) -> None:
        """Read what may be the original of one of them.

        Raises: RedisUnavailable: the store is away.
        """
        self._memory, self._counting, self._changes = memory, counting, changes
        self._sectors = sectors
        self._shown: dict[str, StoredArticle] = {}
        scored = [(entry, entry.sentiment) for entry in entries if entry.sentiment is not None]
        arriving = [(sentiment.article_id, entry.sketch) for entry, sentiment in scored]
        self._recent = RecentArticles(memory.store, arriving, COPY_WINDOW_MS)
        memory.load(name for _, sentiment in scored for name in names.named_in(sentiment))

    def take(self, entry: DeskEntry, sentiment: ArticleSentiment) -> list[str]:
        """Count it and show it; the companies of which it is one more negative one."""
        at_ms = as_ms(sentiment.published_at)
        original = self._original_of(entry, sentiment, at_ms)
        if original is not None and self._is_before(at_ms, sentiment.article_id, original):
            self._put_behind(original, sentiment.article_id)
            original = None
        is_copy = original is not None
        state = self._memory.state
        state.articles += 1
        state.copies += is_copy
        shown = replace(sentiment, copy_of=original)
        self._changes.messages.append(Outgoing(NEWS_SENTIMENT, shown))
        if original != sentiment.article_id:  # the same again would hide the first one
            self._show(shown, entry.excerpt)
        return self._counting.count(shown, is_copy=is_copy)

    def writes(self) -> list[Write]:
        """What copies will be recognised by."""
        return self._recent.writes()

    def _original_of(self, entry: DeskEntry, sentiment: ArticleSentiment, at_ms: int) -> str | None:
        id_, sketch = sentiment.article_id, entry.sketch
        entities = [one.entity for one in sentiment.entities]
        original = self._recent.find_original(id_, at_ms, entities, sketch)
        if original != id_:
            self._recent.add(id_, original, at_ms, entities, sketch)
        return original

    def _is_before(self, at_ms: int, article_id: str, original: str) -> bool:
        """Whether it was published before the one it repeats, which can still be uncounted."""
        if original == article_id or not self._recent.knows(original):
            return False
        is_open = self._memory.timing.cell(at_ms) >= self._memory.state.closed
        return is_open and (at_ms, article_id) < (self._recent.at_ms(original), original)

    def _put_behind(self, later: str, original: str) -> None:
        """What was taken for the original is a copy after all: it came sooner, by another way."""
        shown = self._shown.get(later)
        if shown is None:
            shown = next(iter(read_articles(self._memory.store, [later])), None)
        if shown is None:
            return
        self._recent.put_before(original, later)
        self._counting.uncount(shown.sentiment)
        copy = replace(shown.sentiment, copy_of=original)
        self._memory.state.copies += 1
        self._changes.messages.append(Outgoing(NEWS_SENTIMENT, copy))
        stored = StoredArticle(sentiment=copy, excerpt=shown.excerpt)
        self._shown[later] = stored
        # Where it stands; it is listed already.
        self._changes.writes += article_writes(stored, ())[:1]

    def _show(self, sentiment: ArticleSentiment, excerpt: str | None) -> None:
        stored = StoredArticle(sentiment=sentiment, excerpt=excerpt)
        self._shown[sentiment.article_id] = stored
        self._changes.writes += article_writes(stored, subjects_of(sentiment))
        for one in sentiment.entities:
            if not self._is_news_of(one.entity, sentiment.published_at):
                continue
            self._changes.writes += company_writes(
                Company(
                    entity=one.entity,
                    ticker=one.ticker,
                    sector=self._sectors.get(one.entity),
                    last_at=sentiment.published_at,
                    last_score=one.score,
                )
            )

    def _is_news_of(self, entity: str, at: datetime) -> bool:
        """Whether it tells how a company is doing now: one that is dated long ago does not."""
        is_late = self._memory.timing.cell(as_ms(at)) < self._memory.state.closed
        return not (is_late and self._memory.entity(names.company(entity)).series.keys)
