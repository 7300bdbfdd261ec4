"""Why an item is not in a list: the step that left it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

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
NOT_FOUND = (
    "It was not looked at: it is not near to what the user did or asks for, nor taken with "
    "the user's items, nor among what is popular or new."
)
TOO_ALIKE = "It scores more than the list's last, and is too much like what stands before it."


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
        return _not_found(item_id, ranked, alone)
    score = float(ranked.scores[ids.index(item_id)])
    place = _place(ranked, score)
    looked_at = partial(WhyNot, item_id=item_id, score=score, place=place)
    if variant := _listed_variant(item_id, listed, item_of):
        words = f"Another size or colour of the same is listed, at {variant.rank}."
        return looked_at(step="variant", other=variant.item_id, words=words)
    if score > min((one.score for one in listed), default=0.0):
        like = _likest(ranked, ids, item_id, listed)
        return looked_at(step="too_alike", other=like, words=TOO_ALIKE)
    words = f"Its score would put it at {place:,} of {len(ids):,} that were looked at."
    return looked_at(step="scored_lower", words=words)


def _not_found(item_id: str, ranked: RankedList, alone: RankedList | None) -> WhyNot:
    score = _score_in(alone, item_id)
    place = None if score is None else _place(ranked, score)
    return WhyNot(item_id=item_id, step="not_found", score=score, place=place, words=NOT_FOUND)


def _place(ranked: RankedList, score: float) -> int:
    """Where a score stands among all that were looked at, from 1."""
    return int(np.sum(ranked.scores > score)) + 1


def _score_in(alone: RankedList | None, item_id: str) -> float | None:
    if alone is None:
        return None
    scored = zip(alone.candidates.items, alone.scores, strict=True)
    return next((float(score) for item, score in scored if item.id == item_id), None)


def _listed_variant(
    item_id: str, listed: Sequence[ScoredItem], item_of: Callable[[str], Item | None]
) -> ScoredItem | None:
    """The listed one of the same group, if the item is of one."""
    item = item_of(item_id)
    if item is None or not item.group:
        return None
    known = ((one, item_of(one.item_id)) for one in listed)
    return next((one for one, its in known if its is not None and its.group == item.group), None)


def _likest(
    ranked: RankedList, ids: Sequence[str], item_id: str, listed: Sequence[ScoredItem]
) -> str | None:
    """The listed item whose text is most like an item's."""
    places = [ids.index(one.item_id) for one in listed if one.item_id in ids]
    if not places:
        return None
    vectors = ranked.candidates.vectors
    return ids[places[int(np.argmax(vectors[places] @ vectors[ids.index(item_id)]))]]
