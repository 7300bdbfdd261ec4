"""How good the classifier is: all classes together, each for itself, and int8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.classification.examples import Examples
from pipelines.classify.calibrate import Halves, calibrate
from pipelines.classify.data import ClassedTexts
from pipelines.measuring.agreement import LabelAgreement, compare_labels
from pipelines.measuring.calibration import expected_calibration_error
from pipelines.measuring.classification_metrics import measure_labels, measure_topics
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.probabilities import Heads

LogitsOf = Callable[[Sequence[str]], tuple[Vectors, Vectors]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Judgement:
    """What a model makes of the half that is reported, calibrated on the other half.

    told, right  (n, classes) bool: what it tells, and what is right.
    """

    heads: Heads
    thresholds: dict[str, float]
    logits: tuple[Vectors, Vectors]
    found: Classified
    told: Bools
    right: Bools
    metrics: dict[str, float]


def judge(logits_of: LogitsOf, halves: Halves, data: ClassedTexts) -> Judgement:
    """Read each held-out text once, calibrate on one half, measure on the other.

    Args: logits_of: n texts to (n, labels) and (n, topics) float32.
    """
    heads, thresholds = calibrate(*logits_of(halves.fitted.texts), halves.fitted, data)
    logits = logits_of(halves.reported.texts)
    found = heads.classified(*logits)
    told = told_classes(found, thresholds)
    right = right_classes(halves.reported, data)
    metrics = measure(found, told, right, halves.reported)
    return Judgement(heads, thresholds, logits, found, told, right, metrics)


def told_classes(found: Classified, thresholds: dict[str, float]) -> Bools:
    """The likeliest class, or all that reach their thresholds, (n, classes) bool."""
    if thresholds:
        return found.topics >= np.array(list(thresholds.values()), dtype=np.float32)
    likeliest: Bools = np.eye(found.labels.shape[1], dtype=np.bool_)[found.labels.argmax(axis=1)]
    return likeliest


def right_classes(examples: Examples, data: ClassedTexts) -> Bools:
    """The classes of each text, (n, classes) bool."""
    if data.several:
        return examples.topics
    right: Bools = np.eye(len(data.classes), dtype=np.bool_)[examples.labels]
    return right


def measure(found: Classified, told: Bools, right: Bools, examples: Examples) -> dict[str, float]:
    """Figures by name.

    Of one class for each text: accuracy, macro-F1, ECE, Brier score. Of several: F1 over all
    decisions (micro), over classes (macro) and over texts, the part of texts all of whose classes
    are right, and the ECE of each text's likeliest class.

    Args: told, right: (n, classes) bool.
    """
    if found.labels.shape[1]:
        return measure_labels(found.labels, examples.labels)
    likeliest = found.topics.argmax(axis=1)
    rows = np.arange(len(right))
    confidences = found.topics.max(axis=1).astype(np.float64)
    return measure_topics(told, right) | {
        "text_f1": float(f1_of_texts(told, right).mean()),
        "exact": float((told == right).all(axis=1).mean()),
        "ece": expected_calibration_error(confidences, right[rows, likeliest]),
    }


def f1_of_texts(told: Bools, right: Bools) -> NDArray[np.float64]:
    """The F1 of each text's classes, (n,) float64; 1 where none is told and none is right.

    Args:   told, right: (n, classes) bool.
    Source: Tsoumakas and Katakis 2007, IJDWM 3(3), example-based F-measure.
    """
    both = (told & right).sum(axis=1)
    sizes = told.sum(axis=1) + right.sum(axis=1)
    return np.where(sizes > 0, 2 * both / np.maximum(sizes, 1), 1.0)


def compare_engines(trained: Judgement, served: Judgement) -> LabelAgreement:
    """How near the int8 graph is to the model, both at the temperature and thresholds that serve.

    Of several classes a text counts as told the same if all of them are.
    """
    expected = served.heads.classified(*trained.logits)
    if not served.thresholds:
        return compare_labels(expected.labels, served.found.labels)
    gaps = np.abs(expected.topics - served.found.topics)
    same = (told_classes(expected, served.thresholds) == served.told).all(axis=1)
    return LabelAgreement(float(same.mean()), float(gaps.mean()), float(gaps.max()))


def by_class(judged: Judgement, data: ClassedTexts) -> list[tuple[str, float, float, float, int]]:
    """Precision, recall, F1 and texts of each class that is held out; the commonest first."""
    hits = (judged.told & judged.right).sum(axis=0)
    told, right = judged.told.sum(axis=0), judged.right.sum(axis=0)
    rows = [
        (
            name,
            float(hits[at] / max(told[at], 1)),
            float(hits[at] / right[at]),
            float(2 * hits[at] / (told[at] + right[at])),
            int(right[at]),
        )
        for at, name in enumerate(data.classes)
        if right[at]
    ]
    return sorted(rows, key=lambda row: (-row[4], row[0]))
