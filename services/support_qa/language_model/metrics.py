"""What came of asking a language model, on /metrics, in the log and in what the service lacks."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Sequence

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from textwire.language_model.failures import NotWorded
from textwire.observing.health import Health

CONDITION = "language model"
# From a small model on a graphics card to one on a busy processor.
SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 10, 20, 60)

log = structlog.get_logger(__name__)


class WordingMetrics:
    """Answers by what came of wording them, and sentences by whether a source supports them."""

    def __init__(self, registry: CollectorRegistry, health: Health) -> None:
        self._health = health
        self._answers = Counter(
            "textwire_support_worded_answers",
            "Answers that a language model was to word, by what came of it",
            ["outcome"],
            registry=registry,
        )
        self._sentences = Counter(
            "textwire_support_worded_sentences",
            "Sentences of a language model, by whether a source supports them",
            ["outcome"],
            registry=registry,
        )
        for outcome in ("kept", "dropped"):
            self._sentences.labels(outcome)
        self._first_token = Histogram(
            "textwire_support_first_token_seconds",
            "From asking a language model to its first token",
            buckets=SECONDS,
            registry=registry,
        )
        self._first_sentence = Histogram(
            "textwire_support_first_sentence_seconds",
            "From when the answers of a batch are to be worded to the first sentence of one that "
            "is shown",
            buckets=SECONDS,
            registry=registry,
        )

    def first_token(self, after_s: float) -> None:
        """A model has begun to answer."""
        self._first_token.observe(after_s)

    def first_sentence(self, after_s: float) -> None:
        """The beginning of an answer is shown."""
        self._first_sentence.observe(after_s)

    def worded(self) -> None:
        """An answer is in the model's words."""
        self._answers.labels("worded").inc()

    def sentences(self, kept: int, dropped: int) -> None:
        """Of one reply so many sentences are supported, and so many are not."""
        self._sentences.labels("kept").inc(kept)
        self._sentences.labels("dropped").inc(dropped)

    def not_worded(self, failures: Sequence[NotWorded], *, left_alone: bool) -> None:
        """Answers of a batch that stay in the passages' words; each reason is logged once.

        Args: left_alone: whether the model has failed too often, and has not answered since.
        """
        for failure in failures:
            self._answers.labels(failure.reason).inc()
        told = [failure for failure in failures if failure.reason != "left_alone"]
        for (reason, said), count in Counts((one.reason, str(one)) for one in told).items():
            log.warning("answer not worded", reason=reason, said=said, answers=count)
        if not left_alone:
            self._health.eased(CONDITION)
        elif told:
            self._health.warn(CONDITION, f"answers are in the passages' own words: {told[-1]}")
