"""How good the classifier is: the tone of articles and for companies, topics, and int8."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.artifacts.drafting import named
from pipelines.classification.examples import Examples
from pipelines.measuring.classification_metrics import measure_labels, measure_topics
from pipelines.sentiment_alerts.calibrate import Halves, Logits, calibrate
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads
from textwire.sentiment_alerts.scoring.tone import tones


def measure(
    found: Classified, examples: Examples, tone: float, thresholds: Mapping[str, float]
) -> dict[str, float]:
    """Figures by name: of articles, `company_` of companies, `all_` of both, `topic_` of topics.

    Args: tone: the least probability of one that counts.
          thresholds: by topic, in the order of the columns.
    """
    articles, given_tones = examples.has_topics, tones(found.labels, tone)
    parts = {"": articles, "company_": ~articles, "all_": np.ones_like(articles)}
    metrics = {
        f"{prefix}{name}": value
        for prefix, part in parts.items()
        if part.any()
        for name, value in measure_labels(
            found.labels[part], examples.labels[part], given_tones[part]
        ).items()
    }
    if thresholds and examples.topics.any():
        given = found.topics[articles] >= np.array(list(thresholds.values()))
        metrics |= named("topic_", measure_topics(given, examples.topics[articles]))
    return metrics


@dataclass(frozen=True)
class Judgement:
    """What a model makes of the half that is reported, calibrated on the other half."""

    heads: Heads
    tone: float
    thresholds: dict[str, float]
    logits: Logits
    found: Classified
    metrics: dict[str, float]


def judge(
    logits_of: Callable[[Sequence[str]], tuple[Vectors, Vectors]],
    halves: Halves,
    topics: Sequence[str],
) -> Judgement:
    """Read each held-out text once, calibrate on one half, measure on the other.

    Args: logits_of: n texts to (n, labels) and (n, topics) float32.
    """
    fitted, reported = halves
    logits = [Logits(*logits_of(half.texts)) for half in halves]
    heads, tone, thresholds = calibrate(*logits[0], fitted, topics)
    found = heads.classified(*logits[1])
    metrics = measure(found, reported, tone, thresholds)
    return Judgement(heads, tone, thresholds, logits[1], found, metrics)
