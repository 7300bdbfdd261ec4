"""What an article changes in the counts of its cell, and what takes it out of them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine import names
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.state import EntityState
from textwire.sentiment_alerts.event_time import as_ms
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment
from textwire.sentiment_alerts.shifts.market_day import MarketDay, votes_of
from textwire.sentiment_alerts.shifts.tone_level import DayTone
from textwire.sentiment_alerts.surges.cell_tally import WHOLE, CellTally, Negative
from textwire.sentiment_alerts.surges.episodes import without
from textwire.sentiment_alerts.surges.pooled_baseline import Kind
from textwire.sentiment_alerts.surges.series import SeriesState

TITLE_CHARACTERS = 200


class Said(NamedTuple):
    """What an article says of a company or a topic, and under which of its keys that counts."""

    name: str
    kind: Kind
    keys: tuple[str, ...]
    tone: EntitySentiment | ArticleSentiment

    @property
    def is_negative(self) -> bool:
        """Whether it may be part of a surge: of a company its own label says so."""
        return self.tone.label == "negative"


class Counting:
    """Counts articles into the cells of the companies and topics that they name."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._timing = memory.timing

    def count(self, sentiment: ArticleSentiment, *, is_copy: bool) -> list[str]:
        """Count an article; the companies of which it is one more negative one.

        What comes after its cell was closed is late, and counts as that alone.
        """
        state = self._memory.state
        cell = self._timing.cell(as_ms(sentiment.published_at))
        if cell < state.closed:
            state.late += not is_copy
            return []
        state.pooled.first = min(state.pooled.first, cell)
        return self._count(sentiment, cell, is_copy=is_copy)

    def uncount(self, sentiment: ArticleSentiment, *, is_copy: bool) -> None:
        """It was counted as an original: take it out, and count it as a copy if it is one."""
        cell = self._timing.cell(as_ms(sentiment.published_at))
        self._memory.load(names.named_in(sentiment))
        for said in _said(sentiment):
            series = self._memory.entity(said.name).series
            tally = series.cells.get(cell)
            if tally is None:
                continue
            for key in said.keys:
                counted = tally.counted(key)
                counted.add(said.tone.label, said.tone.score, -1)
                counted.copies += is_copy
                self._memory.show_cell(said.name, key, cell, counted)
            tally.drop(sentiment.article_id)
            self._take_from_day(sentiment.article_id, said, cell)
            if said.is_negative and said.kind == "company":
                self._memory.state.pooled.count(cell, -1)
            self._memory.touch(said.name)
        self._take_from_market(sentiment, cell)

    def correct(self, before: ArticleSentiment, after: ArticleSentiment) -> list[str] | None:
        """Let an article take the place of what was counted under its id; the companies it names.

        Returns: None where the cell is in the baseline by now: then no count changes.
        """
        cell = self._timing.cell(as_ms(before.published_at))
        if cell < self._memory.state.pooled.folded:
            return None
        self._memory.load([*names.named_in(before), *names.named_in(after)])
        self.uncount(before, is_copy=False)
        self._count(after, cell, is_copy=False)
        still = {said.name: said for said in _said(after) if said.is_negative}
        involved = dict.fromkeys(said.name for said in (*_said(before), *_said(after)))
        for name in involved:
            entity = self._memory.entity(name)
            if entity.series.episode is not None:
                instead = self._negative(after, still[name]) if name in still else None
                episode = without(entity.series.episode, after.article_id, instead)
                entity.series = replace(entity.series, episode=episode)
        return [name for name in involved if name.startswith(names.company(""))]

    def _count(self, sentiment: ArticleSentiment, cell: int, *, is_copy: bool) -> list[str]:
        tipped = []
        if not is_copy:
            self._add_to_market(sentiment, cell)
        for said in _said(sentiment):
            tally = self._count_in(said, cell, is_copy=is_copy)
            if is_copy:
                continue
            self._add_to_day(sentiment, said, cell)
            if said.is_negative:
                tally.keep(self._negative(sentiment, said))
                self._memory.entity(said.name).untold += 1
                if said.kind == "company":
                    self._memory.state.pooled.count(cell, 1)
                    tipped.append(said.name)
        return tipped

    def _count_in(self, said: Said, cell: int, *, is_copy: bool) -> CellTally:
        entity = self._memory.entity(said.name)
        tally = entity.series.cells.setdefault(cell, CellTally())
        for key in said.keys:
            counted = tally.counted(key)
            self._memory.show_cell(said.name, key, cell, counted)
            if is_copy:
                counted.copies += 1
                continue
            counted.add(said.tone.label, said.tone.score)
            self._see_first(entity, key, said.kind if key == WHOLE else "pair", cell)
        self._memory.activate(said.name)
        return tally

    def _add_to_day(self, sentiment: ArticleSentiment, said: Said, cell: int) -> None:
        if not self._memory.rules.looks_for_shifts(said.kind):
            return
        entity, day = self._memory.entity(said.name), self._timing.day(cell)
        if day <= self._memory.state.toned_until:  # a correction around midnight
            return
        if day not in entity.tone.open:
            entity.tone = replace(entity.tone, open={**entity.tone.open, day: DayTone()})
        tone = entity.tone.open[day]
        tone.add(said.tone.label, said.tone.score)
        if said.is_negative:
            tone.keep(self._negative(sentiment, said))
        names = self._memory.state.toned.setdefault(day, [])
        if said.name not in names:
            names.append(said.name)

    def _take_from_day(self, article_id: str, said: Said, cell: int) -> None:
        tone = self._memory.entity(said.name).tone.open.get(self._timing.day(cell))
        if tone is not None:
            tone.add(said.tone.label, said.tone.score, -1)
            tone.drop(article_id)

    def _add_to_market(self, sentiment: ArticleSentiment, cell: int) -> None:
        rules, market = self._memory.rules.market, self._memory.state.market
        day = self._timing.day(cell)
        if rules is None or day <= market.until:
            return
        for scope in rules.scopes(sentiment):
            today = market.scopes[scope].days.setdefault(day, MarketDay({}, [], {}))
            for vote in votes_of(sentiment):
                today.add(vote)
                if vote.label == "negative":
                    today.keep(vote, _negative(sentiment, 0))

    def _take_from_market(self, sentiment: ArticleSentiment, cell: int) -> None:
        rules, market = self._memory.rules.market, self._memory.state.market
        for scope in rules.scopes(sentiment) if rules is not None else ():
            today = market.scopes[scope].days.get(self._timing.day(cell))
            if today is not None:
                for vote in votes_of(sentiment):
                    today.add(vote, -1)
                today.drop(sentiment.article_id)

    def _negative(self, sentiment: ArticleSentiment, said: Said) -> Negative:
        gravity = 0
        if isinstance(said.tone, EntitySentiment):
            gravity = self._memory.alert_rules.gravity(said.tone, sentiment)
        return _negative(sentiment, gravity)

    def _see_first(self, entity: EntityState, key: str, kind: Kind, cell: int) -> None:
        known = entity.series.keys.get(key)
        if known is not None and (known.at is not None or known.first_seen <= cell):
            return
        before = known.first_seen if known else None
        self._memory.state.pooled.first_seen(kind, cell, before)
        keys = {**entity.series.keys, key: SeriesState(kind, cell)}
        entity.series = replace(entity.series, keys=keys)


def _said(sentiment: ArticleSentiment) -> Iterator[Said]:
    """A company counts as a whole and with each of the article's topics, a topic by itself."""
    topics = tuple(one.topic for one in sentiment.topics)
    for one in sentiment.entities:
        yield Said(names.company(one.entity), "company", (WHOLE, *topics), one)
    for topic in topics:
        yield Said(names.topic(topic), "topic", (WHOLE,), sentiment)


def _negative(sentiment: ArticleSentiment, gravity: int) -> Negative:
    return Negative(
        as_ms(sentiment.published_at),
        sentiment.article_id,
        tuple(one.topic for one in sentiment.topics),
        sentiment.title[:TITLE_CHARACTERS],
        sentiment.source,
        gravity,
        sentiment.story_id or "",
    )
