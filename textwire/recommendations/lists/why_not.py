"""Why an item is not in a list: the step that left it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from textwire.recommendations.lists.list_building import RankedList
from textwire.recommendations.messages import DropReason, Item, ScoredItem, WhyNot

DROPPED_WORDS: dict[DropReason, str] = {
    "unknown": "It is not in the catalogue.",
    "sold_out": "It is sold out, or not available.",
    "not_out_yet": "It is not out yet.",
    "bought": "The user bought it, or another size of it.",
    "disliked": "The user turned it down.",
    "excluded": "The request excludes it.",
    "seen": "The user has opened it, or another size of it.",
    "filtered": "The filters of the request leave it out.",
    "priced_out": "Its price is beyond what the request's words allow.",
    "blocked": "A rule of the shop blocks it.",
}


def explained(
    item_id: str,
    listed: Sequence[ScoredItem],
    ranked: RankedList,
    alone: RankedList | None,
    dropped_for: Callable[[str], DropReason | None],
    item_of: Callable[[str], Item | None],
) -> WhyNot:
    """The first step that speaks against an item.

    Args: listed: the list as it is told. ranked: all that was looked at for it.
          alone: the item as the ranker sees it where it was not looked at.
    """
    if there := next((one for one in listed if one.item_id == item_id), None):
        words = f"It is listed, at {there.rank}."
        return WhyNot(
            item_id=item_id, step="listed", score=there.score, place=there.rank, words=words
        )
    if why := dropped_for(item_id):
        return WhyNot(item_id=item_id, step=why, words=DROPPED_WORDS[why])
    ids = [item.id for item in ranked.candidates.items]
    if item_id not in ids:
        score = _score_in(alone, item_id)
        words = (
            "It was not looked at: it is not near to what the user did or asks for, nor taken with "
            "the user's items, nor among what is popular or new."
        )
        place = None if score is None else _place(ranked, score)
        return WhyNot(item_id=item_id, step="not_found", score=score, place=place, words=words)
    score = float(ranked.scores[ids.index(item_id)])
    place = _place(ranked, score)
    item = item_of(item_id)
    group = item.group if item is not None else None
    if group and (variant := _of_group(group, listed, item_of)):
        words = f"Another size or colour of the same is listed, at {variant.rank}."
        return WhyNot(
            item_id=item_id,
            step="variant",
            score=score,
            place=place,
            other=variant.item_id,
            words=words,
        )
    least = min((one.score for one in listed), default=0.0)
    if score > least:
        like = _likest(ranked, ids, item_id, listed)
        words = "It scores more than the list's last, and is too much like what stands before it."
        return WhyNot(
            item_id=item_id, step="too_alike", score=score, place=place, other=like, words=words
        )
    words = f"Its score would put it at {place:,} of {len(ids):,} that were looked at."
    return WhyNot(item_id=item_id, step="scored_lower", score=score, place=place, words=words)


def _place(ranked: RankedList, score: float) -> int:
    """Where a score stands among all that were looked at, from 1."""
    return int(np.sum(ranked.scores > score)) + 1


def _score_in(alone: RankedList | None, item_id: str) -> float | None:
    if alone is None:
        return None
    scored = zip(alone.candidates.items, alone.scores, strict=True)
    return next((float(score) for item, score in scored if item.id == item_id), None)


def _of_group(
    group: str, listed: Sequence[ScoredItem], item_of: Callable[[str], Item | None]
) -> ScoredItem | None:
    known = ((one, item_of(one.item_id)) for one in listed)
    return next((one for one, item in known if item is not None and item.group == group), None)


def _likest(
    ranked: RankedList, ids: Sequence[str], item_id: str, listed: Sequence[ScoredItem]
) -> str | None:
    """The listed item whose text is most like an item's."""
    places = [ids.index(one.item_id) for one in listed if one.item_id in ids]
    if not places:
        return None
    vectors = ranked.candidates.vectors
    return ids[places[int(np.argmax(vectors[places] @ vectors[ids.index(item_id)]))]]
