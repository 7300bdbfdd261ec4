"""One message of each kind, small and lifelike: what docs/asyncapi.yaml shows."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.messages.fields import Message
from textwire.messages.news import (
    Alert,
    AlertAction,
    AlertChange,
    Article,
    ArticleSentiment,
    EntitySentiment,
    TopicProbability,
)
from textwire.messages.recommendations import (
    BehaviourEvent,
    Item,
    ScoredItem,
    ScoredList,
    ScoreRequest,
)
from textwire.messages.support import Answer, Handoff, Passage, Question, Source, Turn

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, 10, tzinfo=UTC)

CHARGED_TWICE = Source(
    passage_id="pay-double-charge",
    text="Look at the two entries before you worry. If one is pending, it drops away by itself.",
    score=0.97,
    title="Charged twice",
    url="https://larkfield.example/help/payments/pay-double-charge",
)

_SUPPORT: tuple[Message, ...] = (
    Passage(
        id=CHARGED_TWICE.passage_id,
        text=CHARGED_TWICE.text,
        question="Why was I charged twice?",
        title=CHARGED_TWICE.title,
        url=CHARGED_TWICE.url,
        tags=("payments",),
        language="en",
    ),
    Question(
        session_id="s-1042",
        text="my card was charged twice, what do I do?",
        id="s-1042-1",
        asked_at=NOON,
    ),
    Answer(
        question_id="s-1042-1",
        session_id="s-1042",
        outcome="answered",
        text=CHARGED_TWICE.text,
        confidence=0.96,
        sources=(CHARGED_TWICE,),
        model="20260301T080000Z-3f9a01bc",
        answered_at=NOON,
    ),
    Handoff(
        id="s-1042-2",
        session_id="s-1042",
        question_id="s-1042-2",
        reason="customer_asked",
        conversation=(
            Turn(role="customer", text="my card was charged twice, what do I do?", at=NOON),
            Turn(role="bot", text=CHARGED_TWICE.text, at=NOON),
            Turn(role="customer", text="I want to talk to a person", at=LATER),
        ),
        candidates=(CHARGED_TWICE,),
    ),
)

_NEWS: tuple[Message, ...] = (
    Article(
        title="Northmere Energy recalls 40,000 heat pumps over leaks",
        body="Northmere Energy said on Monday that it is recalling 40,000 heat pumps.",
        id="a-7731",
        source="Harbour Wire",
        url="https://wire.example/a-7731",
        language="en",
        published_at=NOON,
    ),
    ArticleSentiment(
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
    Alert(
        id="alert-118",
        entity="Northmere Energy",
        topic="products",
        kind="negative_surge",
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
    AlertAction(alert_id="alert-118", action="acknowledge", id="x-1", by="maria", at=LATER),
)

_RECOMMENDATIONS: tuple[Message, ...] = (
    Item(
        id="i-311",
        title="Cast-iron pan, 26 cm",
        description="Seasoned and ready to use; keeps its heat.",
        tags=("cookware", "induction"),
        category="Kitchen",
        price=39.0,
        published_at=NOON,
    ),
    BehaviourEvent(user_id="u-58", kind="view", id="e-90210", item_id="i-311", at=NOON),
    ScoreRequest(user_id="u-58", id="r-4", candidates=("i-311", "i-204"), k=2, context="frying"),
    ScoredList(
        user_id="u-58",
        scores=(
            ScoredItem(
                item_id="i-311",
                rank=1,
                score=0.31,
                parts={"text": 0.74, "popularity": 0.4},
                reason="like what you looked at: Wok, 32 cm",
            ),
            ScoredItem(
                item_id="i-204",
                rank=2,
                score=0.08,
                parts={"text": 0.2, "popularity": 0.6},
                reason="many like it",
            ),
        ),
        model="20260301T080000Z-c04b19fe",
        scored_at=NOON,
        request_id="r-4",
    ),
)

EXAMPLES: dict[type[Message], Message] = {
    type(message): message for message in (*_SUPPORT, *_NEWS, *_RECOMMENDATIONS)
}
