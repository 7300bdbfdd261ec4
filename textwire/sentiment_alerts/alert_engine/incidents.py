"""Which alerts have one cause: several companies or topics that alarm together are one incident.

An alert belongs to the incident of another that was raised within two hours of it where both

- name an article, or articles of one story; or
- are about one topic, and their headlines have two telling words in common: neither everyday words
  nor names of the companies.

While the whole market has fallen, two hours are no matter: a company's alert that has so much in
common with that fall belongs to its incident, and the fall to that of a company which alarmed on
the same day.

Partitions that fall silent together are one incident too. An alert keeps its incident for all of
its life, and an incident that nothing joined for two hours is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from textwire.sentiment_alerts.copies.headline_difference import content_stems, headline_words
from textwire.sentiment_alerts.copies.wordings import EVERYDAY_STEMS
from textwire.sentiment_alerts.event_time import HOUR_MS

TOGETHER_MS = 2 * HOUR_MS
A_DAY_MS = 24 * HOUR_MS
SHARED_WORDS = 2
# Of each kind an incident remembers so many; what it is about is in the first ones.
KEPT = 60
MOST_OPEN = 50


class Cause(NamedTuple):
    """What an alert was raised by."""

    articles: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    topic: str | None = None
    words: tuple[str, ...] = ()  # telling stems of its headlines

    @classmethod
    def of(
        cls,
        articles: Iterable[str],
        stories: Iterable[str],
        topic: str | None,
        titles: Iterable[str],
        companies: Iterable[str | None],
    ) -> Cause:
        """Of an alert on companies, by the headlines that it names."""
        named = {stem for one in companies if one for stem in content_stems(headline_words(one))}
        words = dict.fromkeys(
            stem
            for title in titles
            for stem in content_stems(headline_words(title))
            if stem not in named and stem not in EVERYDAY_STEMS and stem.isalpha()
        )
        kept = tuple(dict.fromkeys(story for story in stories if story))
        return cls(tuple(articles), kept, topic, tuple(words))


class Incident(msgspec.Struct, array_like=True):
    """Alerts of one cause.

    last_ms  when the last of them was raised. lasts: its cause is under way, so it is not over.
    """

    id: str
    last_ms: int
    articles: list[str] = []
    stories: list[str] = []
    topics: list[str] = []
    words: list[str] = []
    lasts: bool = False

    def has_caused(self, cause: Cause, at_ms: int, within_ms: int = TOGETHER_MS) -> bool:
        """Whether an alert that is raised now belongs to it."""
        if not self.lasts and abs(at_ms - self.last_ms) > within_ms:
            return False
        if not set(self.articles).isdisjoint(cause.articles):
            return True
        if not set(self.stories).isdisjoint(cause.stories):
            return True
        shared = set(self.words) & set(cause.words)
        return cause.topic in self.topics and len(shared) >= SHARED_WORDS

    def grow(self, cause: Cause, at_ms: int) -> None:
        """Take an alert in."""
        self.last_ms = max(self.last_ms, at_ms)
        self.articles = _more(self.articles, cause.articles)
        self.stories = _more(self.stories, cause.stories)
        self.topics = _more(self.topics, (cause.topic,) if cause.topic else ())
        self.words = _more(self.words, cause.words)


def join(
    incidents: list[Incident], alert_id: str, cause: Cause, at_ms: int, *, lasts: bool = False
) -> str:
    """The id of the incident that an alert belongs to, which is one of these from now on.

    Args: lasts: the cause is under way until somebody says otherwise.
    """
    recent = [one for one in incidents if not one.lasts and one.last_ms >= at_ms - A_DAY_MS]
    incidents[:] = [*(one for one in incidents if one.lasts), *recent[-MOST_OPEN:]]
    within_ms = A_DAY_MS if lasts else TOGETHER_MS
    joined = (one for one in reversed(incidents) if one.has_caused(cause, at_ms, within_ms))
    found = next(joined, None)
    if found is None:
        digest = sha256(alert_id.encode()).hexdigest()
        found = Incident(f"incident-{digest[:16]}", at_ms)
        incidents.append(found)
    found.grow(cause, at_ms)
    found.lasts = found.lasts or lasts
    return found.id


def _more(kept: Sequence[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*kept, *new]))[:KEPT]
