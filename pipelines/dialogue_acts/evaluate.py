"""How good the classifier is: acts, each act for itself, and int8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.artifacts.drafting import named
from pipelines.classification.examples import Examples
from pipelines.dialogue_acts.calibrate import Halves, calibrate
from pipelines.measuring.classification_metrics import measure_labels, measure_topics
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads
from textwire.support_qa.dialogue_acts import ACTS

LogitsOf = Callable[[Sequence[str]], tuple[Vectors, Vectors]]
PART_FROM = 0.5


@dataclass(frozen=True)
class Judgement:
    """What a model makes of the half that is reported, calibrated on the other half."""

    heads: Heads
    logits: tuple[Vectors, Vectors]
    found: Classified
    metrics: dict[str, float]


def judge(logits_of: LogitsOf, halves: Halves) -> Judgement:
    """Read each held-out message once, calibrate on one half, measure on the other.

    Args: logits_of: n texts to (n, acts) and (n, acts) float32.
    """
    heads = calibrate(*logits_of(halves.fitted.texts), halves.fitted)
    logits = logits_of(halves.reported.texts)
    found = heads.classified(*logits)
    return Judgement(heads, logits, found, measure(found, halves.reported))


def measure(found: Classified, examples: Examples) -> dict[str, float]:
    """Figures by name: of the act, `part_` of all acts in a message, `recall_<act>` of each."""
    given = found.labels.argmax(axis=1)
    recalls = {
        f"recall_{act}": float((given[is_act] == place).mean())
        for place, act in enumerate(ACTS)
        if (is_act := examples.labels == place).any()
    }
    parts = measure_topics(found.topics >= PART_FROM, examples.topics)
    return measure_labels(found.labels, examples.labels) | named("part_", parts) | recalls


def confusions(found: Classified, examples: Examples, most: int = 8) -> list[tuple[str, str, int]]:
    """The commonest mistakes: the right act, what it was taken for, how often."""
    given = found.labels.argmax(axis=1)
    wrong = examples.labels != given
    pairs, counts = np.unique(
        np.stack([examples.labels[wrong], given[wrong]], axis=1), axis=0, return_counts=True
    )
    order = np.argsort(-counts, kind="stable")[:most]
    return [(ACTS[pairs[at][0]], ACTS[pairs[at][1]], int(counts[at])) for at in order]
