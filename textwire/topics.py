"""Every topic: its name, what travels on it, and how the broker keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from textwire.messages import (
    Alert,
    AlertAction,
    Answer,
    Article,
    ArticleSentiment,
    BehaviourEvent,
    DeskEntry,
    Handoff,
    Item,
    Message,
    Passage,
    Question,
    ScoredList,
    ScoreRequest,
)

DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = -1
# A rarely used topic: how long deletes stay visible for a reader that is behind.
COMPACTION = {"cleanup.policy": "compact", "delete.retention.ms": str(DAY_MS)}
# Room for a record that was refused for its size, with its reason in the headers.
DEAD_LETTER_MAX_BYTES = 4 * 1024 * 1024
DEAD_LETTER_CONFIG = {
    "retention.ms": str(FOR_EVER),
    "max.message.bytes": str(DEAD_LETTER_MAX_BYTES),
}


@dataclass(frozen=True)
class Topic:
    """A topic as the broker keeps it.

    partitions   the most replicas that can share the work.
    retention_ms how long a record stays; -1 is for ever (compacted topics: until it is replaced).
    compacted    only the last record of each key is kept: the state of the world.
    internal     from a service to itself: no contract with other programs.
    sent         services write it for others to read; what is not sent is what they read.
    """

    name: str
    message: type[Message]
    key: Callable[[Any], str]
    partitions: int = 4
    retention_ms: int = 7 * DAY_MS
    compacted: bool = False
    internal: bool = False
    sent: bool = False
    config: dict[str, str] = field(default_factory=dict)

    @property
    def dead(self) -> str:
        """Where records of this topic go that could not be used."""
        return f"{self.name}.dead"

    @property
    def broker_config(self) -> dict[str, str]:
        """How the broker is told to keep it."""
        compaction = COMPACTION if self.compacted else {}
        return {"retention.ms": str(self.retention_ms), **compaction, **self.config}


def desk_key(entry: DeskEntry) -> str:
    """Of the article, or of the alert that is acted upon."""
    if entry.sentiment is not None:
        return entry.sentiment.article_id
    return entry.action.alert_id if entry.action is not None else ""


SUPPORT_KNOWLEDGE = Topic(
    "support.knowledge",
    Passage,
    key=lambda passage: passage.id,
    partitions=1,  # every replica reads all of it, in the order it was written
    retention_ms=FOR_EVER,
    compacted=True,
)
SUPPORT_QUESTIONS = Topic("support.questions", Question, key=lambda q: q.session_id)
SUPPORT_ANSWERS = Topic("support.answers", Answer, key=lambda a: a.session_id, sent=True)
SUPPORT_HANDOFFS = Topic(
    "support.handoffs", Handoff, key=lambda h: h.session_id, retention_ms=30 * DAY_MS, sent=True
)

NEWS_ARTICLES = Topic("news.articles", Article, key=lambda article: article.id or "")
NEWS_SENTIMENT = Topic("news.sentiment", ArticleSentiment, key=lambda s: s.article_id, sent=True)
NEWS_ALERTS = Topic(
    "news.alerts", Alert, key=lambda alert: alert.key, retention_ms=30 * DAY_MS, sent=True
)
NEWS_ACTIONS = Topic("news.actions", AlertAction, key=lambda a: a.alert_id, partitions=1)
NEWS_DESK = Topic(
    "news.desk",
    DeskEntry,
    key=desk_key,
    partitions=1,  # counts and alerts follow from all articles, so all pass through one order
    internal=True,
)

RECS_ITEMS = Topic(
    "recs.items",
    Item,
    key=lambda item: item.id,
    partitions=1,  # as with knowledge: every replica reads all of it
    retention_ms=FOR_EVER,
    compacted=True,
)
RECS_EVENTS = Topic("recs.events", BehaviourEvent, key=lambda event: event.user_id)
RECS_REQUESTS = Topic("recs.requests", ScoreRequest, key=lambda request: request.user_id)
RECS_SCORES = Topic("recs.scores", ScoredList, key=lambda scored: scored.user_id, sent=True)

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        SUPPORT_KNOWLEDGE,
        SUPPORT_QUESTIONS,
        SUPPORT_ANSWERS,
        SUPPORT_HANDOFFS,
        NEWS_ARTICLES,
        NEWS_SENTIMENT,
        NEWS_ALERTS,
        NEWS_ACTIONS,
        NEWS_DESK,
        RECS_ITEMS,
        RECS_EVENTS,
        RECS_REQUESTS,
        RECS_SCORES,
    )
}
