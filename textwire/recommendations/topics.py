"""The topics of recommendations."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.recommendations.messages import (
    BehaviourEvent,
    DroppedItem,
    Item,
    Range,
    ScoredItem,
    ScoredList,
    ScoreRequest,
)
from textwire.wire.topic import FOR_EVER, Topic

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

RECS_ITEMS = Topic(
    "recs.items",
    Item,
    key=lambda item: item.id,
    partitions=1,  # as with knowledge: every replica reads all of it
    retention_ms=FOR_EVER,
    compacted=True,
    example=Item(
        id="i-311",
        title="Cast-iron pan, 26 cm",
        description="Seasoned and ready to use; keeps its heat.",
        tags=("cookware", "induction"),
        category="Kitchen",
        price=39.0,
        published_at=NOON,
    ),
)
RECS_EVENTS = Topic(
    "recs.events",
    BehaviourEvent,
    key=lambda event: event.user_id,
    example=BehaviourEvent(user_id="u-58", kind="purchase", id="e-90210", item_id="i-311", at=NOON),
)
RECS_REQUESTS = Topic(
    "recs.requests",
    ScoreRequest,
    key=lambda request: request.user_id,
    refusals="It is answered on recs.scores: there are no `scores`, and `error` says what to send "
    "instead.",
    example=ScoreRequest(
        user_id="u-58",
        id="r-4",
        candidates=("i-311", "i-204", "i-77"),
        k=2,
        context="frying",
        filters={"category": "Kitchen", "price": Range(max=50.0)},
        experiment="frontpage-b",
    ),
)
RECS_SCORES = Topic(
    "recs.scores",
    ScoredList,
    key=lambda scored: scored.user_id,
    direction="sent",
    example=ScoredList(
        user_id="u-58",
        scores=(
            ScoredItem(
                item_id="i-311",
                rank=1,
                score=0.31,
                parts={"text_match": 0.74, "popularity": 0.4},
                reason="Fits what you asked for",
            ),
            ScoredItem(
                item_id="i-204",
                rank=2,
                score=0.08,
                parts={"text_match": 0.2, "popularity": 0.6},
                reason="Popular this week",
            ),
        ),
        model="20260301T080000Z-c04b19fe",
        scored_at=NOON,
        request_id="r-4",
        list_id="0b7c1f6e2a9d43c58e10",
        context="frying",
        k=2,
        experiment="frontpage-b",
        dropped=(DroppedItem(item_id="i-77", why="bought"),),
    ),
)


def reply_topic(name: str) -> Topic:
    """Another topic for lists, where a request may have its answer sent."""
    return Topic(name, ScoredList, key=RECS_SCORES.key, direction="sent")
