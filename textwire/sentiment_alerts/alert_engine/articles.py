"""An article of the log: what it repeats, which story it tells, what pages and the stream see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from textwire.results.writes import Write
from textwire.sentiment_alerts.alert_engine import names
from textwire.sentiment_alerts.alert_engine.changes import Changes
from textwire.sentiment_alerts.alert_engine.counting import Counting
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.copies.near_duplicates import RecentArticles
from textwire.sentiment_alerts.event_time import HOUR_MS, as_ms
from textwire.sentiment_alerts.messages import ArticleSentiment, DeskEntry
from textwire.sentiment_alerts.results.reading import read_articles
from textwire.sentiment_alerts.results.records import Company, StoredArticle, Subject, subjects_of
from textwire.sentiment_alerts.results.writing import article_writes, company_writes
from textwire.sentiment_alerts.stories import RecentStories
from textwire.sentiment_alerts.topics import NEWS_SENTIMENT
from textwire.stream.processor import Outgoing

COPY_WINDOW_MS = 24 * HOUR_MS


class Taken(NamedTuple):
    """Companies of which there is one more negative article, and those of a corrected one."""

    tipped: Sequence[str] = ()
    corrected: Sequence[str] = ()
    original: ArticleSentiment | None = None  # as it is shown, if it is no copy


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
        self._stories = RecentStories(memory.store, [entry.sketch for entry, _ in scored])
        memory.load(name for _, sentiment in scored for name in names.named_in(sentiment))

    def take(self, entry: DeskEntry, sentiment: ArticleSentiment) -> Taken:
        """Count it and show it."""
        at_ms, id_ = as_ms(sentiment.published_at), sentiment.article_id
        before = self._corrected_by(entry, sentiment)
        if before is not None:
            return self._correct(before, entry, sentiment)
        repeated = original = self._original_of(entry, sentiment, at_ms)
        if original is not None and self._is_before(at_ms, id_, original):
            self._put_behind(original, id_)
            original = None
        is_copy = original is not None
        state = self._memory.state
        state.articles += 1
        state.copies += is_copy
        story_id = self._story_of(entry, sentiment, repeated, at_ms)
        # What is sent again under its own id is counted once, and no copy of itself.
        copy_of = original if original != id_ else None
        shown = replace(sentiment, copy_of=copy_of, story_id=story_id)
        self._changes.messages.append(Outgoing(NEWS_SENTIMENT, shown))
        if original != id_:  # the same again would hide the first one
            self._show(shown, entry.excerpt, subjects_of(shown))
        tipped = self._counting.count(shown, is_copy=is_copy)
        return Taken(tipped, original=None if is_copy else shown)

    def writes(self) -> list[Write]:
        """What copies will be recognised by."""
        return [*self._recent.writes(), *self._stories.writes()]

    def _corrected_by(self, entry: DeskEntry, sentiment: ArticleSentiment) -> StoredArticle | None:
        """What came before under its id, and says something else."""
        if not self._recent.says_else(sentiment.article_id, entry.sketch):
            return None
        return self._as_shown(sentiment.article_id)

    def _correct(
        self, before: StoredArticle, entry: DeskEntry, sentiment: ArticleSentiment
    ) -> Taken:
        """Let it take the place of what it corrects, at the time of that."""
        was, state = before.sentiment, self._memory.state
        after = replace(
            sentiment,
            copy_of=was.copy_of,
            story_id=was.story_id,
            published_at=was.published_at,
        )
        state.corrections += 1
        entities = [one.entity for one in after.entities]
        first, at_ms = was.copy_of, as_ms(was.published_at)
        self._recent.add(after.article_id, first, at_ms, entities, entry.sketch)
        self._changes.messages.append(Outgoing(NEWS_SENTIMENT, after))
        listed = set(subjects_of(was))
        new = [one for one in subjects_of(after) if one not in listed]
        self._show(after, entry.excerpt, new, is_new=False)
        if was.copy_of is not None:
            return Taken()
        involved = self._counting.correct(was, after)
        return Taken(corrected=involved) if involved is not None else Taken()

    def _story_of(
        self, entry: DeskEntry, sentiment: ArticleSentiment, repeated: str | None, at_ms: int
    ) -> str:
        """The story that it tells: that of what it repeats, where it does."""
        shown = self._as_shown(repeated) if repeated is not None else None
        if shown is not None and (story_id := shown.sentiment.story_id) is not None:
            if repeated != sentiment.article_id:
                self._stories.take_copy(story_id, sentiment)
            return story_id
        state = self._memory.state
        story_id = self._stories.take(sentiment, entry.sketch, at_ms, state.worded)
        state.worded = state.worded.one_more(at_ms)
        return story_id

    def _as_shown(self, article_id: str) -> StoredArticle | None:
        if article_id in self._shown:
            return self._shown[article_id]
        return next(iter(read_articles(self._memory.store, [article_id])), None)

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
        shown = self._as_shown(later)
        if shown is None:
            return
        self._recent.put_before(original, later)
        self._counting.uncount(shown.sentiment, is_copy=True)
        copy = replace(shown.sentiment, copy_of=original)
        self._memory.state.copies += 1
        self._changes.messages.append(Outgoing(NEWS_SENTIMENT, copy))
        stored = StoredArticle(sentiment=copy, excerpt=shown.excerpt)
        self._shown[later] = stored
        self._changes.writes += article_writes(stored, (), is_new=False)

    def _show(
        self,
        sentiment: ArticleSentiment,
        excerpt: str | None,
        subjects: Sequence[Subject],
        *,
        is_new: bool = True,
    ) -> None:
        """Args: subjects: among whose articles it is listed from now on."""
        stored = StoredArticle(sentiment=sentiment, excerpt=excerpt)
        self._shown[sentiment.article_id] = stored
        self._changes.writes += article_writes(stored, subjects, is_new=is_new)
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
