"""One event is one alert: which of several surges stands for the articles they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textwire.sentiment_alerts.surges.pooled_baseline import Kind
from textwire.sentiment_alerts.surges.series import SurgeEpisode

# A surge of which so much is another's articles is the same event.
SAME_EVENT = 0.5


class CandidateAlert(NamedTuple):
    """A surge that may become an alert; `confirmed` where its cell was closed and it did."""

    name: str
    kind: Kind
    episode: SurgeEpisode | None
    confirmed: bool


def resolve_overlaps(candidates: Sequence[CandidateAlert]) -> set[str]:
    """The names of those that are events of their own.

    Once confirmed an episode stays one. Of the others, companies go before topics, and who tipped
    first goes before who tipped later.
    """
    own: list[frozenset[str]] = []
    names: set[str] = set()
    for candidate in sorted(candidates, key=_precedence):
        ids = _article_ids(candidate)
        others = own if candidate.kind == "company" else [frozenset[str]().union(*own)]
        if candidate.confirmed or not any(_is_part_of(ids, other) for other in others):
            names.add(candidate.name)
            own.append(ids)
    return names


def _precedence(candidate: CandidateAlert) -> tuple[bool, bool, int, int, str]:
    raised_ms = candidate.episode.raised_ms if candidate.episode else 0
    observed = candidate.episode.observed if candidate.episode else 0
    return (
        not candidate.confirmed,
        candidate.kind != "company",
        raised_ms,
        -observed,
        candidate.name,
    )


def _article_ids(candidate: CandidateAlert) -> frozenset[str]:
    articles = candidate.episode.articles if candidate.episode else ()
    return frozenset(article.article_id for article in articles)


def _is_part_of(ids: frozenset[str], other: frozenset[str]) -> bool:
    return bool(ids) and len(ids & other) >= SAME_EVENT * len(ids)
