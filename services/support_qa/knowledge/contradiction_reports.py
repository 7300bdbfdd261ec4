"""The team is told of passages that contradict each other: by a log, once, and by a metric."""

from __future__ import annotations

import structlog
from prometheus_client import CollectorRegistry, Counter

from textwire.support_qa.contradictions import Contradiction

# Pairs that were told; more than a team mends before the next restart.
MOST_TOLD = 10_000

log = structlog.get_logger(__name__)


class ContradictionReports:
    """Counts every question that meets a contradiction, and names each pair in the log once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._met = Counter(
            "textwire_support_contradictions",
            "Questions whose best passage is contradicted by another",
            registry=registry,
        )
        self._told: set[tuple[str, str]] = set()

    def __call__(self, contradiction: Contradiction) -> None:
        """A question met a contradiction."""
        self._met.inc()
        pair = (contradiction.newer.id, contradiction.older.id)
        if pair in self._told or len(self._told) >= MOST_TOLD:
            return
        self._told.add(pair)
        log.warning(
            "passages_contradict",
            newer=pair[0],
            older=pair[1],
            advice="Edit or remove one of them; until then the bot is less sure of the newer.",
        )
