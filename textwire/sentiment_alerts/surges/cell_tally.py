"""What one company or topic has in one cell of event time: counts by key, and a few articles.

A cell's cost is bounded by its keys and not by its articles: of these only the first ones of each
key are kept by name, for the digest and for the time at which a count tipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from textwire.sentiment_alerts.messages import Sentiment

WHOLE = ""  # the key of a company or topic by itself; others are a company's topics
# Of each key in each cell. An alert names no more than 50 in all.
KEPT_ARTICLES = 20


class Negative(msgspec.Struct, frozen=True, array_like=True):
    """A negative article, as far as counting and the digest need it.

    gravity  0, or how grave an event it tells of: 1 is medium, 2 is high.
    """

    at_ms: int
    article_id: str
    topics: tuple[str, ...]
    title: str
    source: str | None = None
    gravity: int = 0
    story_id: str = ""

    def is_of(self, key: str) -> bool:
        """Whether it counts for a key."""
        return key == WHOLE or key in self.topics


class Counted(msgspec.Struct, array_like=True):
    """A key's articles in one cell; copies are in no other count."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0
    score_sum: float = 0.0
    copies: int = 0

    def add(self, label: Sentiment, score: float, sign: int = 1) -> None:
        """Count an article, or with a sign of -1 take one out."""
        setattr(self, label, getattr(self, label) + sign)
        self.score_sum += sign * score


class CellTally(msgspec.Struct, array_like=True):
    """Counts by key, and the first negative articles of each, by time."""

    keys: dict[str, Counted] = {}
    articles: list[Negative] = []

    def counted(self, key: str) -> Counted:
        """Of a key, which is there from now on."""
        return self.keys.setdefault(key, Counted())

    def keep(self, negative: Negative) -> None:
        """Keep an article by name while it is among the first of one of its keys.

        What is kept does not depend on the order in which articles come.
        """
        self.articles.append(negative)
        self.articles.sort(key=lambda one: (one.at_ms, one.article_id))
        seen: Counter[str] = Counter()
        kept: list[Negative] = []
        for one in self.articles:
            keys = (WHOLE, *one.topics)
            if any(seen[key] < KEPT_ARTICLES for key in keys):
                kept.append(one)
            seen.update(keys)
        self.articles = kept

    def drop(self, article_id: str) -> None:
        """Let go of an article that is counted no more."""
        self.articles = [one for one in self.articles if one.article_id != article_id]


Cells = Mapping[int, CellTally]


def negatives_by_key(cells: Iterable[CellTally]) -> Counter[str]:
    """Negative articles of each key that has any."""
    counts: Counter[str] = Counter()
    for cell in cells:
        for key, counted in cell.keys.items():
            if counted.negative:
                counts[key] += counted.negative
    return counts


def balance(cells: Iterable[CellTally], key: str) -> int:
    """By how many articles the negative ones of a key outnumber its positive ones."""
    counted = [cell.keys[key] for cell in cells if key in cell.keys]
    return sum(one.negative - one.positive for one in counted)


def articles_of(cells: Iterable[CellTally], key: str) -> list[Negative]:
    """Those of a key's negative articles that are kept by name, by time."""
    kept = [one for cell in cells for one in cell.articles if one.is_of(key)]
    return sorted(kept, key=lambda one: (one.at_ms, one.article_id))


def time_of(cells: Sequence[CellTally], key: str, number: int) -> int:
    """When a key's negative article of this number came, in ms; of cells in their order.

    Where that one is not kept by name, when the last one before it came that is.
    """
    latest = 0
    for cell in cells:
        count = cell.keys[key].negative if key in cell.keys else 0
        kept = articles_of([cell], key)
        if kept and number <= count:
            return kept[min(number, len(kept)) - 1].at_ms
        number -= count
        latest = kept[-1].at_ms if kept else latest
    return latest
