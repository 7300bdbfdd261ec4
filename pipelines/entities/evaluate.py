"""How good the recogniser is: entities, their scores, and int8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.entities.calibrate import Halves, calibrate
from pipelines.entities.data import AnnotatedText
from pipelines.entities.metrics import measure_kind, measure_spans
from pipelines.measuring.agreement import LabelAgreement, compare_labels
from pipelines.measuring.calibration import expected_calibration_error
from textwire.models.engines.entity_recogniser import Decoding, Tagged
from textwire.models.engines.entity_spans import Span, tag_words
from textwire.models.engines.probabilities import softmax

TagTexts = Callable[[Sequence[str]], list[Tagged]]


@dataclass(frozen=True)
class Judgement:
    """What a model makes of the half that is reported, calibrated on the other half."""

    decoding: Decoding
    tagged: list[Tagged]
    told: list[list[Span]]
    metrics: dict[str, float]


def judge(tag_texts: TagTexts, halves: Halves, tags: Sequence[str]) -> Judgement:
    """Read each held-out text once, calibrate on one half, measure on the other."""
    fitted, reported = halves
    decoding = calibrate(tag_texts([text.text for text in fitted]), fitted, tags)
    tagged = tag_texts([text.text for text in reported])
    scored = [decoding.scored(one) for one in tagged]
    told = [[span for span, score in one if score >= decoding.threshold] for one in scored]
    metrics = measure_spans(told, [text.spans for text in reported])
    metrics["ece"] = expected_calibration_error(*confidences(scored, reported))
    metrics["word_accuracy"] = _word_accuracy(tagged, reported, tags)
    return Judgement(decoding, tagged, told, metrics)


def confidences(
    scored: Sequence[Sequence[tuple[Span, float]]], texts: Sequence[AnnotatedText]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Scores of spans, (m,) float64, and whether they are right, (m,) bool."""
    pairs = [
        (score, span in text.spans)
        for one, text in zip(scored, texts, strict=True)
        for span, score in one
    ]
    return (
        np.array([score for score, _ in pairs], dtype=np.float64),
        np.array([right for _, right in pairs], dtype=np.bool_),
    )


def compare_engines(trained: Judgement, served: Judgement) -> LabelAgreement:
    """How near the int8 graph's tags are to the model's, both at the temperature that serves."""
    temperature = served.decoding.temperature
    expected, found = (
        softmax((np.concatenate([one.logits for one in tagged]) / temperature).astype(np.float32))
        for tagged in (trained.tagged, served.tagged)
    )
    return compare_labels(expected, found)


def by_kind(
    told: Sequence[Sequence[Span]], texts: Sequence[AnnotatedText], kinds: Sequence[str]
) -> list[tuple[str, float, float, float, int]]:
    """Precision, recall, F1 and number of entities of each kind."""
    right = [text.spans for text in texts]
    return [
        (
            kind,
            *measure_kind(told, right, kind),
            sum(span.kind == kind for spans in right for span in spans),
        )
        for kind in kinds
    ]


def _word_accuracy(
    tagged: Sequence[Tagged], texts: Sequence[AnnotatedText], tags: Sequence[str]
) -> float:
    right = [
        one.logits.argmax(axis=1) == tag_words(one.words, text.spans, tags)
        for one, text in zip(tagged, texts, strict=True)
    ]
    return float(np.concatenate(right).mean())
