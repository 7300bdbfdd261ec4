"""What a served classifier makes of held-out texts, one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipelines.classification.examples import Examples
from pipelines.measuring.judgement import Disturb, Judgement, key_of, slices_by_length
from pipelines.measuring.speed import TimedReading
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx_classifier import OnnxClassifier


def judge_examples(
    artifact: Artifact,
    examples: Examples,
    disturb: Disturb,
    told_of: Callable[[Vectors], NDArray[np.int64]] = lambda found: found.argmax(axis=1),
) -> Judgement:
    """Accuracy on examples that the model was not calibrated on.

    Args: told_of: (n, labels) float32 probabilities to the columns that are told, (n,) int64.
    """
    classifier = OnnxClassifier(artifact, "int8", threads=2)
    found = classifier.classify([disturb(text) for text in examples.texts]).labels
    likeliest = found.argmax(axis=1)
    told = told_of(found)
    scores = (told == examples.labels).astype(np.float64)
    of_labels = {
        f"is {label}": (float(scores[part].mean()), int(part.sum()))
        for column, label in enumerate(classifier.labels)
        if (part := examples.labels == column).any()
    }
    timed = TimedReading.of(classifier.classify, examples.texts)
    return Judgement(
        metric="accuracy",
        keys=tuple(key_of(text) for text in examples.texts),
        scores=scores,
        confidences=found.max(axis=1).astype(np.float64),
        right=likeliest == examples.labels,
        texts_per_s=timed.texts_per_s(),
        timed=timed,
        slices=slices_by_length(examples.texts, scores) | of_labels,
        labels=classifier.labels,
        expected=examples.labels,
        told=told,
    )
