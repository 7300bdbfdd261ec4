"""The topics of sentiment alerts."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.sentiment_alerts.messages import (
    Alert,
    AlertAction,
    AlertChange,
    Article,
    ArticleSentiment,
    DeskEntry,
    EntitySentiment,
    ExplanationRequest,
    FeedReport,
    TopicProbability,
)
from textwire.sentiment_alerts.watchlist import WatchedCompany
from textwire.wire.topic import DAY_MS, FOR_EVER, Topic

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, 10, tzinfo=UTC)


def desk_key(entry: DeskEntry) -> str:
    """Of the article, of the alert that is acted upon, or of the feed."""
    if entry.feed is not None:
        return entry.feed.feed
    if entry.sentiment is not None:
        return entry.sentiment.article_id
    return entry.action.alert_id if entry.action is not None else ""


NEWS_ARTICLES = Topic(
    "news.articles",
    Article,
    key=lambda article: article.id or "",
    example=Article(
        title="Northmere Energy recalls 40,000 heat pumps over leaks",
        body="Northmere Energy said on Monday that it is recalling 40,000 heat pumps.",
        id="a-7731",
        source="Harbour Wire",
        url="https://wire.example/a-7731",
        language="en",
        published_at=NOON,
    ),
)
NEWS_FEEDS = Topic(
    "news.feeds",
    FeedReport,
    key=lambda report: report.feed,
    partitions=1,
    retention_ms=30 * DAY_MS,
    example=FeedReport(
        feed="https://wire.example/rss",
        source="Harbour Wire",
        condition="failing",
        since=NOON,
        at=LATER,
        reason="answered 503",
    ),
)
NEWS_WATCHLIST = Topic(
    "news.watchlist",
    WatchedCompany,
    key=lambda company: company.name,
    partitions=1,  # every replica reads all of it, in the order it was written
    retention_ms=FOR_EVER,
    compacted=True,
    example=WatchedCompany(
        name="Northmere Energy",
        ticker="NMRE",
        aliases=("Northmere",),
        context=("energy", "grid"),
        not_=("Northmere Lake",),
        sector="energy",
    ),
)
NEWS_SENTIMENT = Topic(
    "news.sentiment",
    ArticleSentiment,
    key=lambda s: s.article_id,
    direction="sent",
    example=ArticleSentiment(
        article_id="a-7731",
        published_at=NOON,
        title="Northmere Energy recalls 40,000 heat pumps over leaks",
        label="negative",
        score=-0.9,
        probabilities={"negative": 0.92, "neutral": 0.06, "positive": 0.02},
        entities=(
            EntitySentiment(
                entity="Northmere Energy",
                label="negative",
                score=-0.93,
                probabilities={"negative": 0.94, "neutral": 0.05, "positive": 0.01},
                ticker="NMRE",
                text="Northmere Energy recalls 40,000 heat pumps over leaks",
            ),
        ),
        topics=(TopicProbability(topic="products", probability=0.88),),
        model="20260301T080000Z-77d2e0aa",
        source="Harbour Wire",
    ),
)
NEWS_ALERTS = Topic(
    "news.alerts",
    Alert,
    key=lambda alert: alert.key,
    retention_ms=30 * DAY_MS,
    direction="sent",
    example=Alert(
        id="alert-118",
        entity="Northmere Energy",
        topic="products",
        kind="surge",
        severity="high",
        state="acknowledged",
        window_start=datetime(2026, 3, 2, 11, 0, tzinfo=UTC),
        window_end=NOON,
        observed=9,
        expected=0.8,
        p_value=2.1e-7,
        article_ids=("a-7731", "a-7729"),
        digest="9 negative articles in an hour where 0.8 are usual: a recall of 40,000 heat pumps.",
        raised_at=NOON,
        updated_at=LATER,
        changes=(
            AlertChange(at=NOON, state="open"),
            AlertChange(at=LATER, state="acknowledged", by="maria"),
        ),
    ),
)
NEWS_ACTIONS = Topic(
    "news.actions",
    AlertAction,
    key=lambda a: a.alert_id,
    partitions=1,
    example=AlertAction(alert_id="alert-118", action="acknowledge", id="x-1", by="maria", at=LATER),
)
NEWS_EXPLANATIONS = Topic(
    "news.explanations",
    ExplanationRequest,
    key=lambda request: request.article_id,
    partitions=1,
    example=ExplanationRequest(article_id="a-7731"),
)
NEWS_DESK = Topic(
    "news.desk",
    DeskEntry,
    key=desk_key,
    partitions=1,  # counts and alerts follow from all articles, so all pass through one order
    internal=True,
)
