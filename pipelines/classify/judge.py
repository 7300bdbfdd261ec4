"""What a served classifier makes of held-out texts, one by one."""

from __future__ import annotations

import numpy as np

from pipelines.classification.examples import Examples
from pipelines.classification.judge import judge_examples
from pipelines.classify.calibrate import halve
from pipelines.classify.data import ClassedTexts
from pipelines.classify.evaluate import f1_of_texts, told_classes
from pipelines.classify.examples import columns_of
from pipelines.classify.settings import ClassifySettings
from pipelines.measuring.judgement import Disturb, Judgement, key_of, slices_by_length
from pipelines.measuring.speed import TimedReading
from textwire.errors import DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.onnx_classifier import OnnxClassifier


def judge(
    artifact: Artifact, data: ClassedTexts, settings: ClassifySettings, disturb: Disturb
) -> Judgement:
    """Accuracy, or where a text has several classes its F1, on the half that is reported.

    Raises: DataError: the model tells other classes.
    """
    manifest = artifact.manifest
    if (manifest.labels, manifest.topics) != columns_of(data):
        raise DataError(
            f"{manifest.task} {manifest.version} tells other classes than these data have, so it "
            "cannot be judged on them. Give the new one a name of its own: --name."
        )
    reported = halve(data, settings.seed).reported
    if data.several:
        return judge_several(artifact, reported, disturb)
    return judge_examples(artifact, reported, disturb)


def judge_several(artifact: Artifact, examples: Examples, disturb: Disturb) -> Judgement:
    """F1 of each text's classes, and how sure the model is of each text's likeliest one."""
    classifier = OnnxClassifier(artifact, "int8", threads=2)
    found = classifier.classify([disturb(text) for text in examples.texts])
    thresholds = {name: artifact.manifest.thresholds[f"topic:{name}"] for name in classifier.topics}
    told = told_classes(found, thresholds)
    scores = f1_of_texts(told, examples.topics)
    likeliest = found.topics.argmax(axis=1)
    of_classes = {
        f"is {name}": (float(scores[part].mean()), int(part.sum()))
        for column, name in enumerate(classifier.topics)
        if (part := examples.topics[:, column]).any()
    }
    timed = TimedReading.of(classifier.classify, examples.texts)
    return Judgement(
        metric="F1 of texts",
        keys=tuple(key_of(text) for text in examples.texts),
        scores=scores,
        confidences=found.topics.max(axis=1).astype(np.float64),
        right=examples.topics[np.arange(len(examples)), likeliest],
        texts_per_s=timed.texts_per_s(),
        timed=timed,
        slices=slices_by_length(examples.texts, scores) | of_classes,
    )
