"""What a user did before a moment, as the weights of a mean: the very mean that a profile holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.impressions import Moment
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.fading import DAY_S, faded

# What is older or lighter than so much of a user's history hardly moves its mean.
KEPT_PAST = 64


class UserHistory(NamedTuple):
    """What a user did before a moment: places of texts, and what each weighs then."""

    places: tuple[int, ...]
    weights: tuple[float, ...]


def find_histories(
    data: ShopData, moments: Sequence[Moment], places: dict[str, int], half_life_days: float
) -> list[UserHistory]:
    """What each moment's user did before it; the newest `KEPT_PAST` events that have a text."""
    by_user: dict[str, list[int]] = defaultdict(list)
    for number, event in enumerate(data.events):
        by_user[event.user_id].append(number)
    return [
        _past(
            data, [n for n in by_user[moment.user_id] if n < moment.place], places, half_life_days
        )
        for moment in moments
    ]


def mean_vectors(vectors: Vectors, histories: Sequence[UserHistory]) -> Vectors:
    """The vector of each user who has a history, (users, d) float32, unit length.

    Args: vectors: (n, d) float32, of all texts. Where nobody has a history, the first one is taken.
    """
    rows = [
        np.average(vectors[list(past.places)], axis=0, weights=past.weights)
        for past in histories
        if past.places
    ] or [vectors[0]]
    means: Vectors = np.vstack(rows).astype(np.float32)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return means


def _past(
    data: ShopData, before: Sequence[int], places: dict[str, int], half_life_days: float
) -> UserHistory:
    told = ((data.events[number], data.text_of(data.events[number])) for number in reversed(before))
    newest = [
        (event, places[text])
        for event, text in islice(
            ((event, text) for event, text in told if text and event_weight(event) > 0.0),
            KEPT_PAST,
        )
    ]
    if not newest:
        return UserHistory((), ())
    now = max(moment_of(event) for event, _ in newest)
    ages = [(now - moment_of(event)).total_seconds() / DAY_S for event, _ in newest]
    weights = [
        event_weight(event) * faded(age, half_life_days)
        for (event, _), age in zip(newest, ages, strict=True)
    ]
    total = float(np.sum(weights))
    return UserHistory(
        tuple(place for _, place in newest), tuple(weight / total for weight in weights)
    )
