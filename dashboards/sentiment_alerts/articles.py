"""Articles as the page lists them: what was read in each, and where it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from dashboards.markup import Pill, shortened, web_address
from dashboards.rendering import render
from dashboards.sentiment_alerts.alert_words import topic_words
from dashboards.sentiment_alerts.sentiment_marks import (
    Chip,
    Odds,
    entity_chip,
    odds_of,
    sentiment_chip,
)
from dashboards.wording import full_time, percent
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment
from textwire.sentiment_alerts.results.records import StoredArticle

EXCERPT_CHARACTERS = 280
CLAUSE_CHARACTERS = 200
COPY = Pill("Copy, not counted", "quiet")


@dataclass(frozen=True)
class TopicView:
    """A topic of an article."""

    words: str
    probability: str


@dataclass(frozen=True)
class QuotedView:
    """A company with the sentences that speak of it."""

    company: Chip
    clause: str


@dataclass(frozen=True)
class ArticleView:
    """An article as its card shows it; `address` is where its title links to, if anywhere."""

    title: str
    address: str | None
    meta: str
    sentiment: Chip
    odds: Odds
    copy_of: str | None
    copy: Pill
    named: tuple[Chip, ...]
    topics: tuple[TopicView, ...]
    quoted: tuple[QuotedView, ...]
    excerpt: str


def article_card(stored: StoredArticle, zone: tzinfo) -> str:
    """An article: its title, what was read in it, what it says of whom."""
    return render("sentiment_alerts/article.html", article=article_view(stored, zone))


def article_view(stored: StoredArticle, zone: tzinfo) -> ArticleView:
    """What a card shows of an article."""
    read = stored.sentiment
    return ArticleView(
        title=read.title,
        address=web_address(read.url),
        meta=_meta(read, zone),
        sentiment=sentiment_chip(read.label, read.probabilities.get(read.label)),
        odds=odds_of(read.probabilities),
        copy_of=read.copy_of,
        copy=COPY,
        named=tuple(entity_chip(said) for said in read.entities if not _clause(said, read)),
        topics=tuple(
            TopicView(topic_words(one.topic), percent(one.probability)) for one in read.topics
        ),
        quoted=tuple(
            QuotedView(entity_chip(said), shortened(clause, CLAUSE_CHARACTERS))
            for said in read.entities
            if (clause := _clause(said, read))
        ),
        excerpt=shortened(stored.excerpt or "", EXCERPT_CHARACTERS),
    )


def _meta(read: ArticleSentiment, zone: tzinfo) -> str:
    parts = [read.source, full_time(read.published_at, zone)]
    return " · ".join(part for part in parts if part)


def _clause(said: EntitySentiment, read: ArticleSentiment) -> str:
    """Where the article speaks of the company, if that is not its title, which stands above."""
    title, passage = (" ".join(text.split()) for text in (read.title, said.text or ""))
    return "" if passage in title else passage.removeprefix(title).strip()
