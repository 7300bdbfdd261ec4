"""What customers asked and nothing answers, questions of one meaning together."""

from __future__ import annotations

from collections.abc import Sequence

from services.support_qa.knowledge.clustering import clusters
from services.support_qa.knowledge.snapshot import RetrievalSnapshot
from textwire.models.engines.recent import RecentVectors
from textwire.support_qa.confidence import with_fits
from textwire.support_qa.contradictions import newest_first
from textwire.support_qa.knowledge_results import KEPT_UNANSWERED, Gap, Unanswered

# From here on two questions are taken for one. Chosen in docs/knowledge-and-analytics.md.
SAME_QUESTION = 0.5
MOST_GAPS = 100


class GapFinder:
    """Finds gaps, and sees which of them the knowledge fills by now."""

    def __init__(self) -> None:
        self._encoder: RecentVectors | None = None
        self._version = ""

    def gaps(self, asked: Sequence[Unanswered], snapshot: RetrievalSnapshot) -> tuple[Gap, ...]:
        """The gaps that most questions fell into, at most `MOST_GAPS` of them."""
        if not asked:
            return ()
        encoder = self._encoder_of(snapshot)
        vectors = encoder.encode([one.question for one in asked])
        groups = clusters(vectors, SAME_QUESTION)[:MOST_GAPS]
        centres = [group[0] for group in groups]
        found = snapshot.index.search_encoded(
            [asked[place].question for place in centres], vectors[centres]
        )
        gaps = []
        for group, candidates in zip(groups, found, strict=True):
            ordered, _ = newest_first(candidates)
            best = next(iter(with_fits(ordered, snapshot.calibration)), None)
            confidence = best.fit if best else 0.0
            gaps.append(
                Gap(
                    asked=tuple(asked[place].place for place in group),
                    nearest=best.passage.id if best else None,
                    confidence=confidence,
                    answered=best is not None and confidence >= snapshot.threshold,
                )
            )
        return tuple(gaps)

    def _encoder_of(self, snapshot: RetrievalSnapshot) -> RecentVectors:
        """One of our own: that of the questions' loop is no two threads' to share."""
        if self._encoder is None or self._version != snapshot.version:
            self._encoder = RecentVectors(snapshot.index.encoder, KEPT_UNANSWERED)
            self._version = snapshot.version
        return self._encoder
