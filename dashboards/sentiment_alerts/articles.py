"""Articles as the page lists them: what was read in each, and where it says so."""

from __future__ import annotations

from datetime import tzinfo

from dashboards.markup import pill, plain, shortened, web_address
from dashboards.sentiment_alerts.alert_words import topic_words
from dashboards.sentiment_alerts.sentiment_marks import entity_chip, probability_bar, sentiment_pill
from dashboards.wording import full_time, percent
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment
from textwire.sentiment_alerts.results import StoredArticle

EXCERPT_CHARACTERS = 280
CLAUSE_CHARACTERS = 200


def article_card(stored: StoredArticle, zone: tzinfo) -> str:
    """An article: its title, what was read in it, what it says of whom."""
    read = stored.sentiment
    excerpt = shortened(stored.excerpt or "", EXCERPT_CHARACTERS)
    return (
        f'<article class="tw-article"><div class="tw-article-head">{_title(read)}'
        f'<div class="tw-meta">{_meta(read, zone)}</div></div>'
        f'<div class="tw-article-read">{_label(read)}{_told_by_title(read)}{_topics(read)}</div>'
        f"{''.join(_told_by_clause(said) for said in read.entities if _clause(said, read))}"
        f"{f'<p class=tw-body>{plain(excerpt)}</p>' if excerpt else ''}</article>"
    )


def _title(read: ArticleSentiment) -> str:
    title, address = plain(read.title), web_address(read.url)
    if not address:
        return f"<h4>{title}</h4>"
    return (
        f'<h4><a href="{plain(address)}" target="_blank" rel="noopener noreferrer">{title}</a></h4>'
    )


def _meta(read: ArticleSentiment, zone: tzinfo) -> str:
    parts = [plain(read.source) if read.source else "", full_time(read.published_at, zone)]
    return " · ".join(part for part in parts if part)


def _label(read: ArticleSentiment) -> str:
    sure = sentiment_pill(read.label, read.probabilities.get(read.label))
    copy = ""
    if read.copy_of:
        told = f'title="repeats {plain(read.copy_of)}"'
        copy = f"<span {told}>{pill('Copy, not counted', 'quiet')}</span>"
    return f"{sure}{probability_bar(read.probabilities)}{copy}"


def _topics(read: ArticleSentiment) -> str:
    return "".join(
        f'<span class="tw-topic" title="probability {percent(topic.probability)}">'
        f"{plain(topic_words(topic.topic))}</span>"
        for topic in read.topics
    )


def _told_by_title(read: ArticleSentiment) -> str:
    return "".join(entity_chip(said) for said in read.entities if not _clause(said, read))


def _told_by_clause(said: EntitySentiment) -> str:
    clause = shortened(said.text or "", CLAUSE_CHARACTERS)
    return f'<div class="tw-said-of">{entity_chip(said)}<q>{plain(clause)}</q></div>'


def _clause(said: EntitySentiment, read: ArticleSentiment) -> str:
    """Where the article speaks of the company, if that is not its title, which stands above."""
    clause = " ".join((said.text or "").split())
    return "" if clause in " ".join(read.title.split()) else clause
