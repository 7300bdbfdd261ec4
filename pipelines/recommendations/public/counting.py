"""What counting alone finds: what was bought most, and what the same users bought."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.measures import list_metrics, rank_among
from pipelines.recommendations.public.cases import Case
from textwire.models.encoder import Vectors

# Chosen on the valid cases, as were counts as they are, of pairs in any order: they beat counts
# divided by how much is bought, and those of what followed alone.
LEFT_BY_STEP = 0.5
# So little decides among items that are the same otherwise.
TIE = 1e-6


def measure_counts(log: ShopData, cases: Sequence[Case], depths: Sequence[int]) -> dict[str, float]:
    """Every item in the order of the counts, for each case; nothing after the log is counted."""
    places = {item_id: place for place, item_id in enumerate(log.by_id)}
    bought = purchases(log, places)
    popular = bought.sum(axis=0)
    together = recent(cases, places) @ bought_together(bought) + TIE * popular
    ways = {"popularity": np.broadcast_to(popular, together.shape), "together": together}
    return {
        f"{way}_{name}": value
        for way, scores in ways.items()
        for name, value in list_metrics(ranks(scores, cases, places), depths).items()
    }


def purchases(log: ShopData, places: dict[str, int]) -> Vectors:
    """How often each user bought each item, (users, items)."""
    users = {user_id: row for row, user_id in enumerate({e.user_id: None for e in log.events})}
    counts = np.zeros((len(users), len(places)), dtype=np.float32)
    for event in log.events:
        if event.item_id in places:
            counts[users[event.user_id], places[event.item_id]] += 1.0
    return counts


def bought_together(bought: Vectors) -> Vectors:
    """How many users bought both, (items, items); 0 of an item with itself.

    Source: Sarwar et al. 2001, "Item-based collaborative filtering recommendation algorithms".
    """
    once = (bought > 0.0).astype(np.float32)
    pairs: Vectors = once.T @ once
    np.fill_diagonal(pairs, 0.0)
    return pairs


def recent(cases: Sequence[Case], places: dict[str, int]) -> Vectors:
    """Each case's items, (n, items): the newest weighs 1, each before it half of the next."""
    weights = np.zeros((len(cases), len(places)), dtype=np.float32)
    for row, case in zip(weights, cases, strict=True):
        for age, event in enumerate(reversed(case.history)):
            if event.item_id in places:
                row[places[event.item_id]] += LEFT_BY_STEP**age
    return weights


def ranks(scores: Vectors, cases: Sequence[Case], places: dict[str, int]) -> list[int | None]:
    """Where the item that followed stands among all, (n, items)."""
    return [
        rank_among(row, places[case.item_id]) if case.item_id in places else None
        for row, case in zip(scores, cases, strict=True)
    ]
