"""What came of asking a language model, on /metrics, in the log and in what the service lacks."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Sequence

import structlog
from prometheus_client import CollectorRegistry, Counter

from textwire.language_model.failures import NotWorded
from textwire.observing.health import Health

CONDITION = "language model"

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
