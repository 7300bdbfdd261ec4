"""How sure it is, and how sure it must be of a tone and of a topic.

Fitted on one half of what is held out, reported on the other.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.classification.examples import Examples
from pipelines.measuring.class_thresholds import choose_thresholds
from pipelines.measuring.temperature import fit_label_temperature, fit_topic_temperature
from pipelines.sentiment_alerts.data import LabelledArticle, NewsData
from pipelines.sentiment_alerts.examples import examples_of
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads, sigmoid, softmax
from textwire.sentiment_alerts.messages import SENTIMENTS
from textwire.sentiment_alerts.scoring.tone import tones

# Of a tone. From one in three up, below which none of three can be the likeliest.
TRIED_CONFIDENCES = np.arange(0.34, 0.8, 0.02)
# What silence may cost: part of all texts, of which fewer are then told rightly. At twice as much
# the model that travels lost 1 to 3 points more on posts from which it had not learned.
MOST_LOST = 0.0025


class Halves(NamedTuple):
    """Held-out articles with their companies: to fit on, and to report on."""

    fitted: Examples
    reported: Examples


class Logits(NamedTuple):
    """Of n texts, before calibration."""

    labels: Vectors  # (n, labels) float32
    topics: Vectors  # (n, topics) float32


class Calibrated(NamedTuple):
    """What turns logits into probabilities, and probabilities into topics."""

    heads: Heads
    tone: float  # the least probability of a tone that counts
    thresholds: dict[str, float]  # by topic


def halve(data: NewsData, seed: int) -> Halves:
    """Two halves by lot; what is said of companies stays with its article."""
    shuffled: list[LabelledArticle] = random.Random(seed).sample(  # noqa: S311 - no secret
        list(data.held_out), len(data.held_out)
    )
    half = len(shuffled) // 2
    fitted, reported = (
        examples_of(part, data.topics, data.linker) for part in (shuffled[:half], shuffled[half:])
    )
    return Halves(fitted, reported)


def calibrate(
    label_logits: Vectors, topic_logits: Vectors, fitted: Examples, topics: Sequence[str]
) -> Calibrated:
    """Temperatures and thresholds, from logits of the half that they are fitted on.

    One temperature for the labels of articles and companies alike, one for all topics.

    Args: label_logits: (n, labels) float32. topic_logits: (n, topics) float32.
    """
    articles = fitted.has_topics
    heads = Heads(
        labels=SENTIMENTS,
        topics=tuple(topics),
        label_temperature=fit_label_temperature(label_logits, fitted.labels),
        topic_temperature=fit_topic_temperature(topic_logits[articles], fitted.topics[articles])
        if topics
        else 1.0,
    )
    confidence = choose_confidence(softmax(label_logits / heads.label_temperature), fitted.labels)
    probabilities = sigmoid(topic_logits[articles] / heads.topic_temperature)
    chosen = choose_thresholds(probabilities, fitted.topics[articles])
    return Calibrated(heads, confidence, dict(zip(topics, chosen, strict=True)))


def choose_confidence(probabilities: Vectors, labels: NDArray[np.int64]) -> float:
    """The least probability of a tone that counts; what is less sure is taken for neutral.

    The highest under which at most MOST_LOST of the texts fewer are told rightly than under the
    best one: an alert counts negative articles, and one that is negative by a hair is none.

    Args: probabilities: (n, labels) float32. labels: (n,) int64, the right columns.
    """
    right = np.array([(tones(probabilities, t) == labels).mean() for t in TRIED_CONFIDENCES])
    return round(float(TRIED_CONFIDENCES[right >= right.max() - MOST_LOST].max()), 2)
