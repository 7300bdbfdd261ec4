"""Scores towards the prices that a request wishes without a limit: "around 100 €", "not too dear".

    about N    score * (N / p)^S or (p / N)^S, whichever is below 1
    cheap      score * min(1, (u / p)^S), u the usual price: the mean, by scores, of log prices

p is an item's price, and S such that half or twice the price takes as much from an item as not
being called what is asked for does. An item without a price keeps its score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.price_wish import PriceWish
from textwire.recommendations.messages import Item
from textwire.recommendations.ranking.prior import ASKED_TEMPERATURE, NAMED

STEEPNESS = NAMED / ASKED_TEMPERATURE / math.log(2.0)


def towards_price(wish: PriceWish, items: Sequence[Item], scores: Vectors) -> Vectors:
    """Scores of n items after what is wished of their prices.

    Args:    scores: (n,) float32, at least 0.
    Returns: (n,) float32, none above its score.
    """
    if not len(items) or not (wish.near or wish.cheap):
        return scores
    prices = np.array([item.price or math.nan for item in items], dtype=np.float64)
    logs, known = np.log(prices), ~np.isnan(prices)
    away = np.zeros(len(items))
    if wish.near:
        away += np.abs(logs - math.log(wish.near))
    if wish.cheap and (total := float(scores[known].sum())) > 0.0:
        usual = float(scores[known] @ logs[known]) / total
        away += np.maximum(0.0, logs - usual)
    factors = np.where(known, np.exp(-STEEPNESS * np.where(known, away, 0.0)), 1.0)
    after: Vectors = (scores * factors).astype(np.float32)
    return after
