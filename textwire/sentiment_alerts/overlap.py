"""One event is one alert: which of several surges stands for the articles they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textwire.sentiment_alerts.pooled_baseline import Kind
from textwire.sentiment_alerts.surges import SurgeEpisode

# A surge of which so much is another's articles is the same event.
SAME_EVENT = 0.5


class CandidateAlert(NamedTuple):
    """A series's episode; `confirmed` where it stood for its event when its cell was closed."""

    name: str
    kind: Kind
    episode: SurgeEpisode | None
    confirmed: bool


def resolve_overlaps(tellings: Sequence[CandidateAlert]) -> set[str]:
    """The names of those that are events of their own.

    Once confirmed an episode stays one. Of the others, companies go before topics, and who tipped
    first goes before who tipped later.
    """
    own: list[frozenset[str]] = []
    names: set[str] = set()
    for telling in sorted(tellings, key=_precedence):
        ids = _article_ids(telling)
        others = own if telling.kind == "company" else [frozenset[str]().union(*own)]
        if telling.confirmed or not any(_is_part_of(ids, other) for other in others):
            names.add(telling.name)
            own.append(ids)
    return names


def _precedence(telling: CandidateAlert) -> tuple[bool, bool, int, int, str]:
    raised_ms = telling.episode.raised_ms if telling.episode else 0
    observed = telling.episode.observed if telling.episode else 0
    return (not telling.confirmed, telling.kind != "company", raised_ms, -observed, telling.name)


def _article_ids(telling: CandidateAlert) -> frozenset[str]:
    articles = telling.episode.articles if telling.episode else ()
    return frozenset(article.article_id for article in articles)


def _is_part_of(ids: frozenset[str], other: frozenset[str]) -> bool:
    return bool(ids) and len(ids & other) >= SAME_EVENT * len(ids)
