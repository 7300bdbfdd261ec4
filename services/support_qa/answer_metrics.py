"""Answers and what was thought of them, on /metrics: outcomes, reasons, confidence, calibration."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from textwire.support_qa.analytics_results import BINS, tenth, was_looked_up
from textwire.support_qa.messages import Answer, Feedback

TENTHS = tuple(place / BINS for place in range(1, BINS + 1))


class AnswerMetrics:
    """Counts what the pages count by the hour; a batch that is read again counts again here."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "textwire_support_answers",
            "What the bot did about messages, and why it handed over",
            ["outcome", "reason"],
            registry=registry,
        )
        self._confidence = Histogram(
            "textwire_support_confidence",
            "How sure the bot was of what it found",
            buckets=TENTHS,
            registry=registry,
        )
        self._judged = Counter(
            "textwire_support_judged",
            "Judgements of answers, by the tenth of the confidence that they were given with",
            ["kind", "confidence"],
            registry=registry,
        )

    def answered(self, answer: Answer) -> None:
        """The bot did something about a message."""
        self._answers.labels(answer.outcome, answer.handoff_reason or "").inc()
        if was_looked_up(answer):
            self._confidence.observe(answer.confidence)

    def judged(self, answer: Answer, feedback: Feedback) -> None:
        """Somebody judged an answer."""
        place = tenth(answer.confidence)
        self._judged.labels(feedback.kind, f"{place / BINS:.1f}").inc()
