"""What the knowledge page shows at a moment: it is drawn anew when that has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from textwire.errors import Unavailable
from textwire.results.store import ResultStore
from textwire.support_qa.feedback_results import Judged, read_judged, read_passage_feedback
from textwire.support_qa.knowledge_results import (
    Gap,
    KnowledgeReview,
    PassagePair,
    Unanswered,
    read_passages,
    read_passages_version,
    read_review,
    read_unanswered,
)
from textwire.support_qa.messages import Passage

Section = Literal["passages", "gaps", "thumbs", "pairs"]
MOST_LISTED = 30
MOST_JUDGED = 2_000
MOST_SAID = 5


@dataclass(frozen=True)
class OpenGap:
    """Questions of one meaning that nothing answers; the first stands for all."""

    asked: tuple[Unanswered, ...]
    gap: Gap

    @property
    def id(self) -> str:
        """By which the page names it."""
        return " ".join(self.asked[0].place)


@dataclass(frozen=True)
class Disliked:
    """A passage whose answers were found unhelpful, and what was last said to them."""

    passage_id: str
    down: int
    up: int
    said: tuple[Judged, ...]


@dataclass(frozen=True)
class KnowledgeView:
    """All passages, what is wrong with them, and why nothing can be read, if so.

    version  of the passages: they are compared by it.
    """

    passages: Mapping[str, Passage] = field(default_factory=dict, compare=False)
    version: str = ""
    gaps: tuple[OpenGap, ...] = ()
    disliked: tuple[Disliked, ...] = ()
    pairs: tuple[PassagePair, ...] = ()
    compared: int = 0
    trouble: str = ""


def knowledge_view(results: Callable[[], ResultStore], before: KnowledgeView) -> KnowledgeView:
    """What there is to show now.

    Args: before: what stays while nothing can be read; passages are read anew when they changed.
    """
    try:
        store = results()
        version = read_passages_version(store)
        known = version == before.version and before.passages
        passages = before.passages if known else read_passages(store)
        review = read_review(store) or KnowledgeReview(at=datetime.min)
        return KnowledgeView(
            passages=passages,
            version=version,
            gaps=_gaps(review, read_unanswered(store)),
            disliked=_disliked(store),
            pairs=tuple(p for p in review.pairs if {p.newer, p.older} <= passages.keys()),
            compared=review.compared,
        )
    except Unavailable as error:
        return replace(before, trouble=str(error))


def found_passages(passages: Mapping[str, Passage], words: str) -> list[Passage]:
    """Passages that hold all of these words, or have them in their id, newest first."""
    wanted = words.casefold().split()
    return [
        passage
        for passage in reversed(passages.values())  # type: ignore[call-overload]
        if all(word in _searched(passage) for word in wanted)
    ]


def _searched(passage: Passage) -> str:
    parts = (passage.id, passage.searchable_text, passage.title or "", *passage.tags)
    return " ".join((*parts, passage.source or "")).casefold()


def _gaps(review: KnowledgeReview, asked: Sequence[Unanswered]) -> tuple[OpenGap, ...]:
    """Gaps that stand; what was erased since, or is answered by now, is not among them."""
    by_place = {one.place: one for one in asked}
    standing = []
    for gap in review.gaps:
        questions = tuple(by_place[place] for place in gap.asked if place in by_place)
        if questions and not gap.answered:
            standing.append(OpenGap(questions, gap))
    return tuple(standing)


def _disliked(store: ResultStore) -> tuple[Disliked, ...]:
    """Passages by how many more thumbs their answers got down than up."""
    counts = read_passage_feedback(store)
    against: dict[str, list[Judged]] = {}
    for one in read_judged(store, MOST_JUDGED):
        if one.kind in ("unhelpful", "corrected") and one.counts_for:
            against.setdefault(one.counts_for, []).append(one)
    disliked = [
        Disliked(
            passage_id=passage_id,
            down=of.get("unhelpful", 0) + of.get("corrected", 0),
            up=of.get("helpful", 0),
            said=tuple(reversed(against.get(passage_id, [])[-MOST_SAID:])),
        )
        for passage_id, of in counts.items()
    ]
    worst = [one for one in disliked if one.down > 0]
    return tuple(sorted(worst, key=lambda one: (one.up - one.down, one.passage_id)))
