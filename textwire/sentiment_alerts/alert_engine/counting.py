"""What an article changes in the counts of its cell, and what takes it out of them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine import names
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.state import Counted, EntityState
from textwire.sentiment_alerts.event_time import as_ms
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment
from textwire.sentiment_alerts.pooled_baseline import Kind
from textwire.sentiment_alerts.surges import WHOLE, Negative, SeriesState

TITLE_CHARACTERS = 200


class Said(NamedTuple):
    """What an article says of a company or a topic, and under which of its keys that counts."""

    name: str
    kind: Kind
    keys: tuple[str, ...]
    tone: EntitySentiment | ArticleSentiment


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
        at_ms = as_ms(sentiment.published_at)
        cell = self._timing.cell(at_ms)
        if cell < state.closed:
            state.late += not is_copy
            return []
        state.pooled.first = min(state.pooled.first, cell)
        negative = Negative(
            at_ms,
            sentiment.article_id,
            tuple(one.topic for one in sentiment.topics),
            sentiment.title[:TITLE_CHARACTERS],
        )
        tipped = []
        for said in _said(sentiment):
            self._count_in(said, cell, is_copy=is_copy)
            if said.tone.label == "negative" and not is_copy:
                self._add(said.name, negative)
                if said.kind == "company":
                    tipped.append(said.name)
        return tipped

    def uncount(self, sentiment: ArticleSentiment) -> None:
        """It was counted as an original, and is a copy after all."""
        cell = self._timing.cell(as_ms(sentiment.published_at))
        self._memory.load(names.named_in(sentiment))
        for said in _said(sentiment):
            entity = self._memory.entity(said.name)
            for key in said.keys:
                counted = entity.cells[cell][key]
                setattr(counted, said.tone.label, getattr(counted, said.tone.label) - 1)
                counted.score_sum -= said.tone.score
                counted.copies += 1
                self._memory.show_cell(said.name, key, cell, counted)
            kept = (n for n in entity.series.negatives if n.article_id != sentiment.article_id)
            entity.series = replace(entity.series, negatives=tuple(kept))
            self._memory.touch(said.name)

    def _count_in(self, said: Said, cell: int, *, is_copy: bool) -> None:
        entity = self._memory.entity(said.name)
        for key in said.keys:
            counted = entity.cells.setdefault(cell, {}).setdefault(key, Counted())
            self._memory.show_cell(said.name, key, cell, counted)
            if is_copy:
                counted.copies += 1
                continue
            setattr(counted, said.tone.label, getattr(counted, said.tone.label) + 1)
            counted.score_sum += said.tone.score
            self._see_first(entity, key, said.kind if key == WHOLE else "pair", cell)
        self._memory.activate(said.name)

    def _see_first(self, entity: EntityState, key: str, kind: Kind, cell: int) -> None:
        known = entity.series.keys.get(key)
        if known is not None and (known.at is not None or known.first_seen <= cell):
            return
        before = known.first_seen if known else None
        self._memory.state.pooled.first_seen(kind, cell, before)
        keys = {**entity.series.keys, key: SeriesState(kind, cell)}
        entity.series = replace(entity.series, keys=keys)

    def _add(self, name: str, negative: Negative) -> None:
        entity = self._memory.entity(name)
        negatives: Iterable[Negative] = (*entity.series.negatives, negative)
        by_time = sorted(negatives, key=lambda n: (n.at_ms, n.article_id))
        entity.series = replace(entity.series, negatives=tuple(by_time))


def _said(sentiment: ArticleSentiment) -> Iterator[Said]:
    """A company counts as a whole and with each of the article's topics, a topic by itself."""
    topics = tuple(one.topic for one in sentiment.topics)
    for one in sentiment.entities:
        yield Said(names.company(one.entity), "company", (WHOLE, *topics), one)
    for topic in topics:
        yield Said(names.topic(topic), "topic", (WHOLE,), sentiment)
