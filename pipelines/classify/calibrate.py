"""How sure it is, and how sure it must be of each of several classes.

Fitted on one half of the held-out texts, reported on the other.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from pipelines.classification.examples import Examples
from pipelines.classify.data import ClassedTexts
from pipelines.classify.examples import columns_of, examples_of
from pipelines.measuring.class_thresholds import choose_thresholds
from pipelines.measuring.temperature import fit_label_temperature, fit_topic_temperature
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads, sigmoid


class Halves(NamedTuple):
    """Held-out texts: to fit on, and to report on."""

    fitted: Examples
    reported: Examples


class Calibrated(NamedTuple):
    """What turns logits into probabilities, and these into classes."""

    heads: Heads
    thresholds: dict[str, float]  # by class, where a text may have several


def halve(data: ClassedTexts, seed: int) -> Halves:
    """Two halves by lot."""
    rows = list(data.held_out)
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - no secret
    half = len(shuffled) // 2
    return Halves(examples_of(shuffled[:half], data), examples_of(shuffled[half:], data))


def calibrate(
    label_logits: Vectors, topic_logits: Vectors, fitted: Examples, data: ClassedTexts
) -> Calibrated:
    """One temperature, and where a text may have several classes a threshold for each.

    Args: label_logits: (n, labels) float32. topic_logits: (n, topics) float32. One of both has no
          columns.
    """
    labels, topics = columns_of(data)
    if not data.several:
        temperature = fit_label_temperature(label_logits, fitted.labels)
        return Calibrated(Heads(labels, topics, temperature, 1.0), {})
    temperature = fit_topic_temperature(topic_logits, fitted.topics)
    chosen = choose_thresholds(sigmoid(topic_logits / temperature), fitted.topics)
    return Calibrated(
        Heads(labels, topics, 1.0, temperature), dict(zip(topics, chosen, strict=True))
    )
