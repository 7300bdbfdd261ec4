"""How sure it is: fitted on one half of the held-out messages, reported on the other."""

from __future__ import annotations

import random
from typing import NamedTuple

from pipelines.classification.examples import Examples
from pipelines.dialogue_acts.data import TurnData
from pipelines.dialogue_acts.examples import examples_of
from pipelines.measuring.temperature import fit_label_temperature, fit_topic_temperature
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads
from textwire.support_qa.dialogue_acts import ACTS


class Halves(NamedTuple):
    """Held-out messages: to fit on, and to report on."""

    fitted: Examples
    reported: Examples


def halve(data: TurnData, seed: int) -> Halves:
    """Two halves by lot."""
    rows = list(data.held_out)
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - no secret
    half = len(shuffled) // 2
    return Halves(examples_of(shuffled[:half]), examples_of(shuffled[half:]))


def calibrate(label_logits: Vectors, topic_logits: Vectors, fitted: Examples) -> Heads:
    """One temperature for the act, one for the acts that have a part.

    Args: label_logits, topic_logits: (n, acts) float32, of the half that is fitted on.
    """
    return Heads(
        labels=ACTS,
        topics=ACTS,
        label_temperature=fit_label_temperature(label_logits, fitted.labels),
        topic_temperature=fit_topic_temperature(topic_logits, fitted.topics),
    )
