"""What speaks for each item in each case, and how much each of it weighs."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.measures import list_metrics, rank_among
from pipelines.recommendations.public.cases import Case
from pipelines.recommendations.public.settings import AmazonSettings
from pipelines.recommendations.replay import TextVectors
from textwire.models.encoder import Vectors
from textwire.recommendations.profiles import profile_vector, updated

DEPTHS = (5, 10)
# Tried on the valid cases: how much each adds to the match of the texts, whose spread is 1.
TRIED_TOGETHER = (0.0, 1.0, 2.0, 4.0, 8.0)
TRIED_POPULARITY = (0.0, 0.1, 0.2, 0.4, 0.8)
# And how much it takes away that the user has bought the item; 20 puts it last.
TRIED_BOUGHT = (0.0, 0.5, 1.0, 2.0, 20.0)


class Weights(NamedTuple):
    """What is added to the match of the texts, and taken from it where an item was bought."""

    together: float = 0.0
    popularity: float = 0.0
    bought: float = 0.0


class Chosen(NamedTuple):
    """Weights, and the NDCG@10 of the valid cases with them."""

    weights: Weights
    ndcg_at_10: float


@dataclass(frozen=True)
class Signals:
    """For each case and item, (n, items).

    text        cosine of the item to what the user bought, divided by the standard deviation of
                all of them: one encoder keeps its vectors closer together than another.
    together    how often it was bought after what the user bought.
    bought      1 where the user bought it before.
    popularity  log of how often it was bought at all, (items,).
    """

    text: Vectors
    together: Vectors
    bought: Vectors
    popularity: Vectors

    def fused(self, weights: Weights) -> Vectors:
        """One score for each case and item."""
        speaking_for = self.text + weights.together * self.together
        fused: Vectors = (
            speaking_for + weights.popularity * self.popularity - weights.bought * self.bought
        )
        return fused


def signals(
    data: ShopData, cases: Sequence[Case], vectors: TextVectors, settings: AmazonSettings
) -> Signals:
    """What speaks for each item in each case; counts are of the data's events alone."""
    places = {item_id: place for place, item_id in enumerate(data.by_id)}
    counts = np.zeros(len(places), dtype=np.float32)
    for event in data.events:
        if event.item_id in places:
            counts[places[event.item_id]] += 1.0
    histories = _histories(cases, places)
    cosines = text_matches(data, cases, vectors, settings.half_life_days)
    return Signals(
        text=cosines / (float(cosines.std()) or 1.0),
        together=histories @ bought_together(data, places, settings.window),
        bought=(histories > 0.0).astype(np.float32),
        popularity=np.log1p(counts),
    )


def text_matches(
    data: ShopData, cases: Sequence[Case], vectors: TextVectors, half_life_days: float
) -> Vectors:
    """Cosines of each case's user, folded as serving does, to all items; 0 without a history.

    Returns: (cases, items) float32.
    """
    items = vectors.rows([item.text for item in data.by_id.values()])
    users = np.zeros((len(cases), items.shape[1]), dtype=np.float32)
    for row, case in zip(users, cases, strict=True):
        profile = None
        for event in case.history:
            item = data.item_of(event)
            vector = vectors.of(item.text) if item else None
            profile = updated(profile, event, item, vector, half_life_days)
        found = profile_vector(profile, items.shape[1])
        if found is not None:
            row[:] = found
    cosines: Vectors = users @ items.T
    return cosines


def bought_together(data: ShopData, places: dict[str, int], window: int) -> Vectors:
    """How often one item followed the other within a user's next few purchases, (items, items).

    counts / sqrt(count of the one * count of the other): a cosine, so that popular items are not
    together with everything. Source: Sarwar et al. 2001, "Item-based collaborative filtering".
    """
    bought: defaultdict[str, list[int]] = defaultdict(list)
    for event in data.events:
        if event.item_id in places:
            bought[event.user_id].append(places[event.item_id])
    pairs = np.zeros((len(places), len(places)), dtype=np.float32)
    totals = np.ones(len(places), dtype=np.float32)
    for items in bought.values():
        for number, item in enumerate(items):
            totals[item] += 1.0
            for after, other in enumerate(items[number + 1 : number + 1 + window]):
                pairs[item, other] += 1.0 / (1 + after)
    return (pairs / np.sqrt(np.outer(totals, totals))).astype(np.float32)


def choose_weights(found: Signals, data: ShopData, cases: Sequence[Case]) -> Chosen:
    """Those with which NDCG@10 is highest."""
    choices = itertools.product(TRIED_TOGETHER, TRIED_POPULARITY, TRIED_BOUGHT)
    tried = itertools.starmap(Weights, choices)
    return max(
        (Chosen(w, measured(found.fused(w), data, cases)["ndcg_at_10"]) for w in tried),
        key=lambda one: one.ndcg_at_10,
    )


def measured(scores: Vectors, data: ShopData, cases: Sequence[Case]) -> dict[str, float]:
    """HR and NDCG, every item ranked for every case.

    Args: scores: (cases, items) float32.
    """
    places = {item_id: place for place, item_id in enumerate(data.by_id)}
    ranks = [
        rank_among(row, places[case.item_id]) if case.item_id in places else None
        for row, case in zip(scores, cases, strict=True)
    ]
    return list_metrics(ranks, DEPTHS)


def _histories(cases: Sequence[Case], places: dict[str, int]) -> Vectors:
    """Each case's items, (n, items): the newest weighs 1, each before it a fifth less."""
    weights = np.zeros((len(cases), len(places)), dtype=np.float32)
    for row, case in zip(weights, cases, strict=True):
        for age, event in enumerate(reversed(case.history)):
            if event.item_id in places:
                row[places[event.item_id]] += 0.8**age
    return weights
