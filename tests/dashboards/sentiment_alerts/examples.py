"""An alert, an article and a company, to be changed by a test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from textwire.results.writes import Append, Put, Write
from textwire.sentiment_alerts.messages import (
    Alert,
    ArticleSentiment,
    EntitySentiment,
    TopicProbability,
)
from textwire.sentiment_alerts.results.keys import STORIES_KEY, story_articles_key, story_key
from textwire.sentiment_alerts.results.records import Company, StoredArticle, Story

READ_UP_TO = datetime(2026, 2, 25, 17, 0, tzinfo=UTC)
ODDS = {"negative": 0.91, "neutral": 0.07, "positive": 0.02}


def alert(**changes: object) -> Alert:
    """A surge of news about a theft of data."""
    fields: dict[str, object] = {
        "id": "a1",
        "entity": "Orvelle Software",
        "topic": "cyber",
        "kind": "surge",
        "severity": "high",
        "state": "open",
        "window_start": READ_UP_TO - timedelta(minutes=60),
        "window_end": READ_UP_TO,
        "observed": 12,
        "expected": 0.8,
        "p_value": 3.2e-9,
        "article_ids": ("n1",),
        "digest": "12 negative articles about Orvelle Software (cyber) from 16:00 to 17:00 UTC; "
        "0.8 would be usual. “Orvelle customers' data stolen”",
        "raised_at": READ_UP_TO,
        "updated_at": READ_UP_TO,
    }
    return Alert(**(fields | changes))  # type: ignore[arg-type]


def article(said: dict[str, object] | None = None, **changes: object) -> StoredArticle:
    """An article about that theft."""
    fields: dict[str, object] = {
        "article_id": "n1",
        "published_at": READ_UP_TO - timedelta(minutes=30),
        "title": "Orvelle customers' data stolen",
        "label": "negative",
        "score": -0.89,
        "probabilities": ODDS,
        "entities": (
            EntitySentiment(
                **{
                    "entity": "Orvelle Software", "label": "negative", "score": -0.89,
                    "probabilities": ODDS, "text": "Orvelle's servers were open for weeks",
                }
                | (said or {})  # type: ignore[arg-type]
            ),
        ),
        "topics": (TopicProbability(topic="cyber", probability=0.93),),
        "model": "sentiment-20260223-41aa",
        "source": "Halden Press",
        "url": "https://newsdesk.example/n1",
    }  # fmt: skip
    return StoredArticle(sentiment=ArticleSentiment(**(fields | changes)))  # type: ignore[arg-type]


def company(entity: str, **changes: object) -> Company:
    """A company that was mentioned within the last hours."""
    fields: dict[str, object] = {
        "entity": entity, "ticker": entity[:3].upper(), "sector": "technology",
        "last_at": READ_UP_TO - timedelta(hours=1), "last_score": -0.2,
    }  # fmt: skip
    return Company(**(fields | changes))  # type: ignore[arg-type]


def story(ends: datetime, **changes: object) -> Story:
    """A story that was told last at the end of what was read."""
    fields: dict[str, object] = {
        "id": "story-1",
        "title": "Dockers' strike shuts Norvik container port",
        "begins": ends - timedelta(hours=1),
        "ends": ends,
        "score_sum": -1.6,
    }
    return Story(**(fields | changes))  # type: ignore[arg-type]


def story_writes(told: Story, article_ids: Iterable[str]) -> list[Write]:
    """A story as the engine leaves it."""
    id_ = msgspec.json.encode(told.id)
    return [
        Put(story_key(told.id), msgspec.json.encode(told)),
        Append(STORIES_KEY, id_, keep=10),
        *(
            Append(story_articles_key(told.id), msgspec.json.encode(one), keep=10)
            for one in article_ids
        ),
    ]
