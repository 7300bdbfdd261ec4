"""Scores of what is like an item that the user turned down, or was shown and never opened.

    score * exp(-STRENGTH * max(0, a - max(b, UNRELATED))) * 2^(-max(0, s - PATIENCE) / PATIENCE)

a is the largest cosine to what was turned down, b the largest to what the user cares for, s how
often the item was shown since the user opened it. So what is nearer to a liked item than to a
disliked one is left alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.user_profile import profile_vector
from textwire.recommendations.results import Profile

STRENGTH = 4.0
# Cosines below say that two texts have nothing to do with each other.
UNRELATED = 0.3
# So many showings are no sign of anything.
PATIENCE = 3.0
LOOKED_BACK = 20


def put_down(
    index: ItemIndex,
    profile: Profile | None,
    items: Sequence[Item],
    vectors: Vectors,
    scores: Vectors,
) -> Vectors:
    """Scores after what the user turned down.

    Args:    vectors: (n, d) float32, unit length, of the items. scores: (n,) float32.
    Returns: (n,) float32, none above its score.
    """
    if profile is None or not len(items) or not (profile.disliked or profile.shown):
        return scores
    likeness = _likeness(index, profile.disliked[-LOOKED_BACK:], vectors)
    if likeness is not None:
        liked = _liked(index, profile, vectors)
        nearer = np.maximum(likeness - np.maximum(liked, UNRELATED), 0.0)
        scores = scores * np.exp(-STRENGTH * nearer)
    shown = np.array([profile.shown.get(item.id, 0.0) for item in items], dtype=np.float32)
    after: Vectors = scores * np.exp2(-np.maximum(shown - PATIENCE, 0.0) / PATIENCE)
    return after.astype(np.float32)


def _liked(index: ItemIndex, profile: Profile, vectors: Vectors) -> Vectors:
    """How near items are to what the user cares for, (n,): to one thing, or to all together."""
    heaviest = heapq.nlargest(LOOKED_BACK, profile.seen, key=profile.seen.__getitem__)
    to_one = _likeness(index, heaviest, vectors)
    whole = profile_vector(profile, vectors.shape[1])
    to_all = np.zeros(len(vectors), dtype=np.float32) if whole is None else vectors @ whole
    return to_all if to_one is None else np.maximum(to_one, to_all)


def _likeness(index: ItemIndex, item_ids: Sequence[str], vectors: Vectors) -> Vectors | None:
    """The largest cosine of each to any of the known ones of some items, (n,); None without any."""
    known = [item_id for item_id in item_ids if item_id in index]
    if not known:
        return None
    largest: Vectors = (vectors @ index.vectors_of(known).T).max(axis=1)
    return largest
