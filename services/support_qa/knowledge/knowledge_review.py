"""What the team should know of its knowledge, looked through beside the questions' loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from prometheus_client import CollectorRegistry, Gauge

from services.support_qa.knowledge.gaps import GapFinder
from services.support_qa.knowledge.passage_mirror import PassageMirror
from services.support_qa.knowledge.passage_pairs import PairFinder
from services.support_qa.knowledge.snapshot import Knowledge, RetrievalSnapshot
from textwire.results.store import ResultStore
from textwire.support_qa.knowledge_results import (
    UNANSWERED_S,
    KnowledgeReview,
    Unanswered,
    dropped_writes,
    read_passages_version,
    read_unanswered,
    review_writes,
)

# A change shows on the page within this, and a moment.
LOOK_EVERY_S = 1.0


class KnowledgeReviewer:
    """Shows pages the passages, and reviews them and the unanswered questions when these change."""

    def __init__(
        self,
        knowledge: Knowledge,
        store: ResultStore,
        clock: Callable[[], datetime],
        knowledge_read: Event,
        registry: CollectorRegistry,
    ) -> None:
        """Nothing was seen yet.

        Args: knowledge_read: set once all passages were read; nothing is reviewed before.
        """
        self._knowledge, self._store, self._clock = knowledge, store, clock
        self._knowledge_read = knowledge_read
        self._mirror, self._pairs, self._gaps = PassageMirror(store), PairFinder(), GapFinder()
        self._found = Gauge(
            "textwire_support_knowledge",
            "What a review of the knowledge found: gaps, conflicts, duplicates, passages",
            ["what"],
            registry=registry,
        )
        self._seen: tuple[RetrievalSnapshot, list[Unanswered]] | None = None

    def look(self) -> None:
        """Write what has changed, if anything has.

        Raises: RedisUnavailable.
        """
        if not self._knowledge_read.is_set():
            return
        snapshot = self._knowledge.snapshot
        asked = self._unanswered()
        is_lost = not read_passages_version(self._store)  # or nothing was there yet
        is_new = is_lost or self._seen is None or self._seen[0] is not snapshot
        if is_new:
            self._mirror.show(snapshot.index.by_id)
        elif self._seen and self._seen[1] == asked:
            return
        review = KnowledgeReview(
            at=self._clock(),
            pairs=self._pairs.pairs(snapshot.index),
            gaps=self._gaps.gaps(asked, snapshot),
            passages=len(snapshot.index),
            compared=self._pairs.compared,
        )
        self._store.write(review_writes(review))
        self._tell(review)
        self._seen = snapshot, asked

    def _unanswered(self) -> list[Unanswered]:
        """The questions of the last month; older ones are let go of."""
        asked = read_unanswered(self._store)
        since = self._clock() - timedelta(seconds=UNANSWERED_S)
        if past := [one for one in asked if one.at < since]:
            self._store.write(dropped_writes(past))
        return [one for one in asked if one.at >= since]

    def _tell(self, review: KnowledgeReview) -> None:
        kinds = [pair.kind for pair in review.pairs]
        self._found.labels("passages").set(review.passages)
        self._found.labels("gaps").set(sum(not gap.answered for gap in review.gaps))
        self._found.labels("conflicts").set(kinds.count("conflict"))
        self._found.labels("duplicates").set(kinds.count("duplicate"))
