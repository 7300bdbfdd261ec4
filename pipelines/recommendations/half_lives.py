"""Half-lives that make what came next most probable, held to the usual ones while a log is short.

    h = argmax  sum over moments of log p(liked next | h)  -  log2(h / usual)^2 / (2 DOUBLINGS^2)

Of taste, p is the softmax over items of their cosines to the user's mean, as sharp as suits it; of
popularity, an item's smoothed part of all that was done lately. Both are sums over moments, and
what holds them is not: fifty moments hardly move what five thousand decide.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.histories import find_histories, mean_vectors
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.split import evenly
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.counts.popularity import PRIOR_WEIGHT, READ_DAYS
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.fading import DAY_S
from textwire.recommendations.profiles.half_lives import HalfLives

TASTE_GRID = (0.25, 0.5, 1.0, 2.0, 4.0, 7.0, 14.0, 30.0, 60.0, 120.0, 365.0, 1_000.0)
# Two weeks are read: of what is longer too little of the tail would be there.
POPULARITY_GRID = (0.25, 0.5, 1.0, 2.0, 4.0, 7.0)
# Two doublings up or down are as usual as anything.
DOUBLINGS = 2.0
MOST_MOMENTS = 1_000
# Items that a target is told from.
MOST_ITEMS = 2_000
# Each half-life with the sharpness that suits it: a mean of many is told apart by less.
TEMPERATURES = (0.03, 0.05, 0.1, 0.2, 0.4)
Numbers = NDArray[np.float64]
ALL = ""  # no item's id


def fit_half_lives(
    data: ShopData, moments: Sequence[Moment], vectors: TextVectors, usual: HalfLives, seed: int
) -> HalfLives:
    """The half-lives of a log.

    Args: moments: to learn from. vectors: of the base as it comes. usual: what a short log is held
          to.
    """
    liked = [moment for moment in moments if moment.liked]
    taste = taste_likelihoods(data, evenly(liked, MOST_MOMENTS) if liked else [], vectors, seed)
    return HalfLives(
        most_probable(taste, usual.taste_days),
        most_probable(popularity_likelihoods(data, liked), usual.popularity_days),
    )


def told(half_lives: HalfLives) -> str:
    """Both in a sentence."""
    return (
        f"Half is left of what a user did after {half_lives.taste_days:g} days, of what all did "
        f"after {half_lives.popularity_days:g}, as the log has it."
    )


def most_probable(likelihoods: Mapping[float, float], usual: float) -> float:
    """The half-life of the highest log likelihood, less what it is off the usual one.

    Of equal ones the nearest to the usual; the usual one itself is always in the choice where it
    has a likelihood, and stands where there is none.
    """
    held = {
        days: value - math.log2(days / usual) ** 2 / (2 * DOUBLINGS**2)
        for days, value in likelihoods.items()
    }
    return max(held, key=lambda days: (held[days], -abs(math.log2(days / usual))), default=usual)


def taste_likelihoods(
    data: ShopData, moments: Sequence[Moment], vectors: TextVectors, seed: int
) -> dict[float, float]:
    """By half-life, the log likelihood of what was liked next; none where nobody has a past."""
    items = list(data.by_id)
    rng = np.random.default_rng(seed)
    others = sorted(rng.choice(len(items), min(MOST_ITEMS, len(items)), replace=False))
    drawn = [items[place] for place in others]
    sampled = vectors.rows([data.by_id[item_id].text for item_id in drawn])
    return {
        days: value
        for days in TASTE_GRID
        if (value := _taste(data, moments, vectors, sampled, days)) is not None
    }


def _taste(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    sampled: Vectors,
    days: float,
) -> float | None:
    histories = find_histories(data, moments, vectors.places, days)
    # Whoever did one thing says nothing of how it fades.
    pairs = [
        (history, moment)
        for history, moment in zip(histories, moments, strict=True)
        if len(history.places) > 1
    ]
    if not pairs:
        return None
    means = mean_vectors(vectors.vectors, [history for history, _ in pairs])
    targets = vectors.rows([data.by_id[moment.liked[0]].text for _, moment in pairs])
    own = (means * targets).sum(axis=1, dtype=np.float64)
    others = (means @ sampled.T).astype(np.float64)
    return max(_choice_likelihood(own / t, others / t) for t in TEMPERATURES)


def _choice_likelihood(own: Numbers, others: Numbers) -> float:
    """The sum of log softmax of n targets, (n,), each beside m others, (n, m)."""
    highest = np.maximum(own, others.max(axis=1))
    rest = np.exp(others - highest[:, None]).sum(axis=1)
    return float((own - highest - np.log(np.exp(own - highest) + rest)).sum())


def popularity_likelihoods(data: ShopData, moments: Sequence[Moment]) -> dict[float, float]:
    """By half-life, the log likelihood of what was liked next; none where nothing was liked."""
    return {days: _popularity(data, moments, days) for days in POPULARITY_GRID} if moments else {}


def _popularity(data: ShopData, moments: Sequence[Moment], days: float) -> float:
    lately = _Lately(days * DAY_S)
    done, value = 0, 0.0
    for moment in moments:
        for event in data.events[done : moment.place]:
            if event.item_id in data.by_id:
                lately.add(str(event.item_id), event_weight(event), moment_of(event).timestamp())
        done = max(done, moment.place)
        own, total = lately.of(moment.liked[0], moment.at.timestamp())
        smoothed = (own + PRIOR_WEIGHT) / (total + PRIOR_WEIGHT * len(data.by_id))
        value += math.log(smoothed)
    return value


class _Lately:
    """What was done in the days that popularity reads, each item's sum fading."""

    def __init__(self, half_life_s: float) -> None:
        self._half_life_s = half_life_s
        self._read: deque[tuple[str, float, float]] = deque()
        self._sums: dict[str, tuple[float, float]] = {}  # by item, and of all: as of a time

    def add(self, item_id: str, weight: float, at_s: float) -> None:
        """One more event; they come in order of time."""
        if weight > 0.0:
            self._read.append((item_id, weight, at_s))
            self._move(item_id, weight, at_s)

    def of(self, item_id: str, now_s: float) -> tuple[float, float]:
        """The sum of an item, and of all items."""
        while self._read and self._read[0][2] < now_s - READ_DAYS * DAY_S:
            gone, weight, at_s = self._read.popleft()
            self._move(gone, -weight * self._left(now_s - at_s), now_s)
        return max(0.0, self._faded(item_id, now_s)), max(0.0, self._faded(ALL, now_s))

    def _move(self, item_id: str, by: float, at_s: float) -> None:
        for name in (item_id, ALL):
            self._sums[name] = self._faded(name, at_s) + by, at_s

    def _faded(self, name: str, now_s: float) -> float:
        value, then_s = self._sums.get(name, (0.0, now_s))
        return value * self._left(now_s - then_s)

    def _left(self, age_s: float) -> float:
        return float(0.5 ** (max(0.0, age_s) / self._half_life_s))
