"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import draft_artifact, named, with_card
from pipelines.classification.figures import with_figures
from pipelines.classification.model import OBJECTIVE
from pipelines.classification.sharing import classifier_on, read_by
from pipelines.classify.calibrate import halve
from pipelines.classify.card import write_card
from pipelines.classify.data import ClassedTexts
from pipelines.classify.descriptions import describe
from pipelines.classify.evaluate import compare_engines, judge
from pipelines.classify.examples import columns_of, examples_of
from pipelines.classify.settings import ClassifySettings
from pipelines.classify.voting import give_a_vote
from pipelines.continual.learned_texts import save_learned_texts
from pipelines.continual.learning_on import begin
from pipelines.distillation.classifier import learn
from pipelines.distillation.classifier_teacher import Heads
from pipelines.distillation.depth import as_deep_as_asked
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.training_data.readability import require_readable
from pipelines.tuning.methods import WITHOUT_TUNING
from textwire.errors import DataError
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx_classifier import OnnxClassifier


def make_artifact(
    spec: TrainingSpec[ClassedTexts, ClassifySettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used, or do not suit the method.
            ArtifactError: the int8 graph tells too many texts otherwise.
    """
    settings = spec.settings
    with progress.stage("Reading the data"):
        data = spec.source.read()
        if data.several and settings.method == "few-shot":
            raise DataError(
                "--method few-shot draws pairs of texts of one class, and here a text has several: "
                "use --method full, lora or head."
            )
        train, halves = examples_of(data.train, data), halve(data, settings.seed)
        labels, topics = columns_of(data)
        text = read_by(spec.base, folder, settings, two_heads=False)
        require_readable(train.texts, text.reader, text.name)
        as_deep_as_asked(text, spec.distillation)
        model = classifier_on(text, len(labels), len(topics))
    begin(model, train, spec, describe(data), progress)
    with progress.stage("Judging it as it begins"):
        before = judge(model.logits, halves, data)
    if settings.method not in WITHOUT_TUNING:
        judged = [text for half in halves for text in half.texts]
        learn(model, train, judged, Heads(labels, topics), spec, progress)
    voted = give_a_vote(model, train, halves.fitted, settings, progress)
    save_learned_texts(train.texts, folder)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        method = OBJECTIVE.by(settings.method)
        artifact = draft_artifact(spec, model, method, folder, labels=labels, topics=topics)
    with progress.stage("Evaluating and calibrating"):
        trained = judge(model.logits, halves, data)
        served = judge(OnnxClassifier(artifact, "int8", threads=2).logits, halves, data)
        agreement = compare_engines(trained, served)
        agreement.require(settings.min_int8_same_label)
    finished = with_figures(artifact.manifest, before, trained, served, agreement)
    finished = msgspec.structs.replace(
        finished,
        metrics=finished.metrics | voted,
        thresholds=named("topic:", served.thresholds),
    )
    return with_card(finished, write_card(finished, data, served), folder)
