"""The item model: ridge regression of what a user took on all else that they took, in closed form.

    min_B |X - X B|^2 + penalty |B - part S|^2,   diag(B) = 0

X (users, items) is 1 where a user took an item; S is the softmax of the cosines of the items'
texts: where little was taken, weights stay near the likeness of texts. Solved by one inverse of the
items' Gram matrix, so only the `MOST_ITEMS` that were taken most are in it, 200 MB at the most.

Sources: Steck 2019, "Embarrassingly shallow autoencoders for sparse data", arXiv:1905.03375; L3AE,
arXiv:2508.13500.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.replay import TextVectors
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.trail import FOLLOWED_WEIGHT
from textwire.recommendations.ranking.item_model import NO_NEIGHBOUR, ItemModel
from textwire.recommendations.ranking.prior import TEMPERATURE

MOST_ITEMS = 5_000
KEPT_NEIGHBOURS = 100
# Compared on cases of amazon_industrial, among 20 to 300 and 0 to 1.
PENALTY = 50.0
TEXT_PART = 0.5

Matrix = NDArray[np.float64]


def fit_item_model(
    data: ShopData, events: Sequence[BehaviourEvent], vectors: TextVectors
) -> ItemModel:
    """What follows from which, by these events; all items of the data are known to it."""
    taken = [
        (event.user_id, event.item_id)
        for event in events
        if event.item_id in data.by_id and event_weight(event) >= FOLLOWED_WEIGHT
    ]
    counts = Counter(item_id for _, item_id in dict.fromkeys(taken))
    ids = [item_id for item_id, _ in counts.most_common(MOST_ITEMS) if item_id is not None]
    known = ItemModel.empty(data.by_id)
    if len(ids) < 2:
        return known
    likeness = text_likeness(vectors.rows([data.by_id[item_id].text for item_id in ids]))
    weights = solve(_gram(taken, {item_id: place for place, item_id in enumerate(ids)}), likeness)
    neighbours, strongest = strongest_neighbours(weights, KEPT_NEIGHBOURS)
    return ItemModel(tuple(ids), neighbours, strongest, known.known)


def solve(gram: Matrix, likeness: Matrix) -> Matrix:
    """Weights from each item to each, (n, n) float64, 0 of an item to itself.

    Args: gram: (n, n), how many users took both. likeness: (n, n), rows sum to 1.
    """
    inverse = np.linalg.inv(gram + PENALTY * np.eye(len(gram)))
    free = inverse @ (gram + PENALTY * TEXT_PART * likeness)
    weights: Matrix = free - inverse * (np.diag(free) / np.diag(inverse))[None, :]
    np.fill_diagonal(weights, 0.0)
    return weights


def text_likeness(vectors: Vectors) -> Matrix:
    """Softmax of each item's cosines to the others, (n, n) float64; vectors: (n, d) unit length."""
    grown = np.exp((vectors @ vectors.T - 1.0).astype(np.float64) / TEMPERATURE)
    np.fill_diagonal(grown, 0.0)
    likeness: Matrix = grown / np.maximum(grown.sum(axis=1, keepdims=True), 1e-300)
    return likeness


def strongest_neighbours(weights: Matrix, count: int) -> tuple[NDArray[np.int32], Vectors]:
    """Of each row the places and weights, (n, k), of its greatest weights above 0."""
    kept = min(count, len(weights) - 1)
    places = np.argsort(-weights, axis=1, kind="stable")[:, :kept].astype(np.int32)
    strongest = np.take_along_axis(weights, places, axis=1)
    there = strongest > 0.0
    return (
        np.where(there, places, NO_NEIGHBOUR).astype(np.int32),
        np.where(there, strongest, 0.0).astype(np.float32),
    )


def _gram(taken: Sequence[tuple[str, str | None]], places: dict[str, int]) -> Matrix:
    by_user: dict[str, set[int]] = {}
    for user_id, item_id in taken:
        if item_id in places:
            by_user.setdefault(user_id, set()).add(places[item_id])
    gram = np.zeros((len(places), len(places)))
    for found in by_user.values():
        own = np.fromiter(found, dtype=np.int64)
        gram[np.ix_(own, own)] += 1.0
    return gram
