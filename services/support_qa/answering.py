"""Writing the answer from what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textwire.support_qa.messages import Answer, HandoffReason, Question, Source
from textwire.support_qa.passage_index import Candidate

# A source is shown to recognise it; its whole text is behind its address.
SOURCE_CHARACTERS = 1_000

HAND_OVER_TEXTS: dict[HandoffReason, str] = {
    "customer_asked": (
        "Of course. I am passing you on to a colleague, who will see our whole conversation, "
        "so you need not repeat anything."
    ),
    "low_confidence": (
        "I am not sure enough of the answer to give you one. I am passing your question on to a "
        "colleague, who will see our whole conversation."
    ),
    "no_knowledge": (
        "I have no knowledge to answer from at the moment. I am passing your question on to a "
        "colleague, who will see our whole conversation."
    ),
}


def write_answer(
    question: Question,
    candidates: Sequence[Candidate],
    confidence: float,
    sources: int,
    model: str,
    at: datetime,
) -> Answer:
    """The best passage's text, with at most `sources` passages that support it."""
    return Answer(
        question_id=question.id or "",
        session_id=question.session_id,
        outcome="answered",
        text=candidates[0].passage.text,
        confidence=confidence,
        sources=as_sources(candidates)[:sources],
        model=model,
        answered_at=at,
    )


def write_hand_over(
    question: Question, reason: HandoffReason, confidence: float, model: str, at: datetime
) -> Answer:
    """What the customer reads when a person takes over. No sources: they did not suffice."""
    return Answer(
        question_id=question.id or "",
        session_id=question.session_id,
        outcome="handed_over",
        text=HAND_OVER_TEXTS[reason],
        confidence=confidence,
        sources=(),
        model=model,
        answered_at=at,
        handoff_reason=reason,
    )


def as_sources(candidates: Sequence[Candidate]) -> tuple[Source, ...]:
    """The candidates in their order, repeats of a text left out."""
    different = {candidate.passage.text: candidate for candidate in reversed(candidates)}
    return tuple(_source(candidate) for candidate in reversed(different.values()))


def _source(candidate: Candidate) -> Source:
    passage = candidate.passage
    return Source(
        passage_id=passage.id,
        title=passage.title or passage.question,
        url=passage.url,
        text=shortened(passage.text, SOURCE_CHARACTERS),
        score=min(1.0, max(0.0, candidate.fused)),
    )


def shortened(text: str, characters: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
