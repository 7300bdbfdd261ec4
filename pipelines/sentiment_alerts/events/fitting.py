"""The head of events and its thresholds, fitted on states of a transformer that stays as it is.

Multinomial logistic regression, one class of which is that nothing happened, on the main directions
of the states. Thresholds are chosen on texts that the head had not learned from, a fifth at a time,
and weighed as news have them: texts to learn from are full of events, and news are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from pipelines.sentiment_alerts.events.corpus import EventText
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import softmax

# Of 1,920 numbers; with 256 directions about as many events are told at the precisions below.
DIRECTIONS = 512
# Directions are found on so many texts, drawn at random: on all of them it takes minutes.
SEEN_FOR_DIRECTIONS = 6_000
# How little weights are held back; 1, 3 and 30 tell as many or fewer at a precision of 0.85.
INVERSE_L2 = 2.0
MOST_STEPS = 150
FOLDS = 5
# Of 1,544 companies that headlines of 2018 name, 57 have an event that phrases tell, and 24 one
# that they do not (1.6 %). It is the latter for which the head is there.
EVENT_SHARE = 0.015
# Of what is told beside phrases so much should be true, on that history 13 of 17 were
# (docs/results/sentiment_alerts.md); at 0.6 the thresholds let through 53, of which 25 were.
LEAST_PRECISION = 0.7
TRIED = np.arange(0.3, 0.996, 0.005)
# A kind has some ninety texts. So its own threshold and that of all are met halfway.
OWN_PART = 0.5
# Fewer that are told of a kind say nothing of its precision.
LEAST_TOLD = 10


class Head(NamedTuple):
    """A linear head: (kinds + 1, width) and (kinds + 1,) float32; the last row: nothing."""

    weight: Vectors
    bias: Vectors

    def probabilities(self, states: Vectors) -> Vectors:
        """(n, width) float32 to (n, kinds + 1), rows that sum to 1."""
        return softmax((states @ self.weight.T + self.bias).astype(np.float32))


class Directions(NamedTuple):
    """How states are seen: their main directions, (directions, width), a mean and a spread."""

    axes: Vectors
    mean: Vectors
    spread: Vectors

    def seen(self, states: Vectors) -> Vectors:
        """(n, width) to (n, directions)."""
        return (((states - self.mean) / self.spread) @ self.axes.T).astype(np.float32)


def find_directions(states: Vectors) -> Directions:
    """The main directions of states, (n, width), scaled so that the first has a spread of one."""
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
    rng = np.random.default_rng(0)
    some = rng.permutation(len(states))[:SEEN_FOR_DIRECTIONS]
    drawn = (states[some] - mean) / spread
    found = PCA(
        min(DIRECTIONS, len(drawn) - 1, drawn.shape[1]), svd_solver="randomized", random_state=0
    ).fit(drawn)
    return Directions(found.components_ / np.sqrt(found.explained_variance_[0]), mean, spread)


def fit_head(
    states: Vectors, classes: NDArray[np.int64], kinds: int, directions: Directions
) -> Head:
    """The head of the least loss.

    Args: states: (n, width) float32. classes: (n,), columns; `kinds` where nothing happened.
    """
    model = LogisticRegression(C=INVERSE_L2, max_iter=MOST_STEPS)
    model.fit(directions.seen(states), classes)
    of_states = model.coef_ @ directions.axes / directions.spread
    weight = np.zeros((kinds + 1, states.shape[1]), dtype=np.float32)
    bias = np.full(kinds + 1, -1e3, dtype=np.float32)  # of a kind that nothing tells of
    weight[model.classes_] = of_states
    bias[model.classes_] = model.intercept_ - of_states @ directions.mean
    return Head(weight, bias)


def classes_of(texts: Sequence[EventText], kinds: Sequence[str]) -> NDArray[np.int64]:
    """The column of each text's first kind, the last where nothing happened, (n,) int64."""
    return np.array(
        [kinds.index(text.kinds[0]) if text.kinds else len(kinds) for text in texts], dtype=np.int64
    )


def unseen_probabilities(
    states: Vectors, texts: Sequence[EventText], kinds: Sequence[str], directions: Directions
) -> Vectors:
    """What heads say that had not learned from a text, nor from one of its group: (n, kinds + 1).

    Args: states: (n, width), of texts.
    """
    folds, classes = folds_of(texts), classes_of(texts, kinds)
    found = np.zeros((len(texts), len(kinds) + 1), dtype=np.float32)
    for fold in range(FOLDS):
        rest, held = folds != fold, folds == fold
        head = fit_head(states[rest], classes[rest], len(kinds), directions)
        found[held] = head.probabilities(states[held])
    return found


def folds_of(texts: Sequence[EventText]) -> NDArray[np.int64]:
    """A fifth for each text, the same for all of a group, (n,) int64."""
    groups = {group: at % FOLDS for at, group in enumerate(sorted({text.group for text in texts}))}
    return np.array([groups[text.group] for text in texts], dtype=np.int64)


def choose_thresholds(
    probabilities: Vectors, texts: Sequence[EventText], kinds: Sequence[str]
) -> dict[str, float]:
    """For each kind the least probability to tell it with, so that what is told of news is true.

    Args: probabilities: (n, kinds + 1), of heads that had not learned from the texts.
    """
    told, sure, right = _told(probabilities, texts, kinds)
    weights = weights_in_news(texts)
    shared = _least(sure, right, weights)
    assert shared is not None  # noqa: S101 - its fallback is the highest that is tried
    chosen = {}
    for column, kind in enumerate(kinds):
        of_kind = told == column
        own = _least(sure[of_kind], right[of_kind], weights[of_kind], LEAST_TOLD)
        least = shared if own is None else OWN_PART * own + (1 - OWN_PART) * shared
        chosen[kind] = round(float(least), 3)
    return chosen


def weights_in_news(texts: Sequence[EventText]) -> NDArray[np.float64]:
    """How much each text counts, so that those with an event are EVENT_SHARE of all: (n,)."""
    has_event = np.array([bool(text.kinds) for text in texts], dtype=bool)
    events = max(int(has_event.sum()), 1)
    others = max(len(texts) - events, 1)
    return np.where(has_event, EVENT_SHARE / events, (1 - EVENT_SHARE) / others)


def _told(
    probabilities: Vectors, texts: Sequence[EventText], kinds: Sequence[str]
) -> tuple[NDArray[np.int64], Vectors, NDArray[np.bool_]]:
    """Of each text the likeliest kind's column, its probability, and whether that is right."""
    told = probabilities[:, :-1].argmax(axis=1)
    sure = probabilities[np.arange(len(told)), told]
    right = np.array([kinds[at] in text.kinds for at, text in zip(told, texts, strict=True)])
    return told, sure, right


def _least(
    sure: Vectors, right: NDArray[np.bool_], weights: NDArray[np.float64], fewest: int = 0
) -> float | None:
    """The least threshold that is precise enough, or the highest; None: too few are told to say."""
    for threshold in TRIED:
        kept = sure >= threshold
        if fewest and kept.sum() < fewest:
            return None
        if kept.any() and np.average(right[kept], weights=weights[kept]) >= LEAST_PRECISION:
            return float(threshold)
    return float(TRIED[-1])


def measure(
    probabilities: Vectors, texts: Sequence[EventText], kinds: Sequence[str],
    thresholds: dict[str, float],
) -> dict[str, float]:  # fmt: skip
    """Precision of what is told here and as news have it; recall of texts that tell of an event."""
    told, sure, right = _told(probabilities, texts, kinds)
    is_told = sure >= np.array([thresholds[kinds[at]] for at in told])
    events = sum(bool(text.kinds) for text in texts)
    weights = weights_in_news(texts)[is_told]
    return {
        "precision": float(right[is_told].mean()) if is_told.any() else 0.0,
        "news_precision": float(np.average(right[is_told], weights=weights))
        if len(weights)
        else 0.0,
        "recall": float((right & is_told).sum() / max(events, 1)),
        "told": float(is_told.sum()),
        "events": float(events),
        "texts": float(len(texts)),
    }
