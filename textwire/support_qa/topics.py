"""The topics of support QA."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.support_qa.messages import (
    AgentReply,
    Answer,
    Feedback,
    Handoff,
    Passage,
    Question,
    Source,
    Turn,
)
from textwire.wire.topic import DAY_MS, FOR_EVER, Topic

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, 10, tzinfo=UTC)
CHARGED_TWICE = Source(
    passage_id="pay-double-charge",
    text="Look at the two entries before you worry. If one is pending, it drops away by itself.",
    score=0.97,
    title="Charged twice",
    url="https://larkfield.example/help/payments/pay-double-charge",
)

SUPPORT_KNOWLEDGE = Topic(
    "support.knowledge",
    Passage,
    key=lambda passage: passage.id,
    partitions=1,  # every replica reads all of it, in the order it was written
    retention_ms=FOR_EVER,
    compacted=True,
    example=Passage(
        id=CHARGED_TWICE.passage_id,
        text=CHARGED_TWICE.text,
        question="Why was I charged twice?",
        title=CHARGED_TWICE.title,
        url=CHARGED_TWICE.url,
        tags=("payments",),
        language="en",
    ),
)
SUPPORT_QUESTIONS = Topic(
    "support.questions",
    Question,
    key=lambda q: q.session_id,
    refusals="It is answered on support.answers: `outcome` is `refused`, and `text` says what to "
    "send instead.",
    example=Question(
        session_id="s-1042",
        text="my card was charged twice, what do I do?",
        id="s-1042-1",
        asked_at=NOON,
    ),
)
SUPPORT_ANSWERS = Topic(
    "support.answers",
    Answer,
    key=lambda a: a.session_id,
    direction="sent",
    example=Answer(
        question_id="s-1042-1",
        session_id="s-1042",
        outcome="answered",
        text=CHARGED_TWICE.text,
        confidence=0.96,
        sources=(CHARGED_TWICE,),
        model="20260301T080000Z-3f9a01bc",
        answered_at=NOON,
    ),
)
SUPPORT_HANDOFFS = Topic(
    "support.handoffs",
    Handoff,
    key=lambda h: h.session_id,
    retention_ms=30 * DAY_MS,
    direction="sent",
    example=Handoff(
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
        summary="my card was charged twice, what do I do? I want to talk to a person",
        opened_at=LATER,
        changed_at=LATER,
    ),
)
SUPPORT_REPLIES = Topic(
    "support.replies",
    AgentReply,
    key=lambda r: r.session_id,
    retention_ms=30 * DAY_MS,
    example=AgentReply(
        session_id="s-1042",
        handoff_id="s-1042-2",
        agent="Maria",
        text="I see both payments. One of them was never booked and is gone by tomorrow.",
        at=LATER,
    ),
)
SUPPORT_FEEDBACK = Topic(
    "support.feedback",
    Feedback,
    key=lambda f: f.session_id,
    retention_ms=30 * DAY_MS,
    example=Feedback(
        question_id="s-1042-1",
        session_id="s-1042",
        kind="unhelpful",
        passage_id=CHARGED_TWICE.passage_id,
        at=LATER,
    ),
)
