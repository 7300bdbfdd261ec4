"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import draft_artifact, with_card
from pipelines.classification.figures import compare_engines, with_figures
from pipelines.classification.model import OBJECTIVE
from pipelines.classification.sharing import classifier_on, read_by
from pipelines.continual.learned_texts import save_learned_texts
from pipelines.continual.learning_on import begin
from pipelines.distillation.classifier import learn
from pipelines.distillation.classifier_teacher import Heads
from pipelines.distillation.depth import as_deep_as_asked
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.sentiment_alerts.calibrate import halve
from pipelines.sentiment_alerts.card import write_card
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.descriptions import describe
from pipelines.sentiment_alerts.evaluate import judge
from pipelines.sentiment_alerts.events.adding import with_events
from pipelines.sentiment_alerts.examples import FRAMING, examples_of
from pipelines.sentiment_alerts.settings import SentimentSettings
from pipelines.training_data.readability import require_readable
from pipelines.tuning.methods import WITHOUT_TUNING
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.sentiment_alerts.messages import SENTIMENTS
from textwire.sentiment_alerts.scoring.tone import TONE_THRESHOLD


def make_artifact(
    spec: TrainingSpec[NewsData, SentimentSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph labels too many texts otherwise.
    """
    settings = spec.settings
    with progress.stage("Reading the data"):
        data = spec.source.read()
        train = examples_of(data.train, data.topics, data.linker)
        halves = halve(data, settings.seed)
        text = read_by(spec.base, folder, settings, two_heads=bool(data.topics))
        require_readable(train.texts, text.reader, text.name)
        as_deep_as_asked(text, spec.distillation)
        model = classifier_on(text, len(SENTIMENTS), len(data.topics))
    begin(model, train, spec, describe(data), progress)
    with progress.stage("Judging it as it begins"):
        before = judge(model.logits, halves, data.topics)
    if settings.method not in WITHOUT_TUNING:
        judged = [text for half in halves for text in half.texts]
        learn(model, train, judged, Heads(SENTIMENTS, data.topics), spec, progress, FRAMING)
    save_learned_texts(train.texts, folder)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        method = OBJECTIVE.by(settings.method)
        artifact = draft_artifact(
            spec, model, method, folder, labels=SENTIMENTS, topics=data.topics
        )
    with progress.stage("Evaluating and calibrating"):
        trained = judge(model.logits, halves, data.topics)
        served = judge(OnnxClassifier(artifact, "int8", threads=2).logits, halves, data.topics)
        agreement = compare_engines(trained, served)
        agreement.require(settings.min_int8_same_label)
    finished = msgspec.structs.replace(
        with_figures(artifact.manifest, before, trained, served, agreement),
        thresholds={
            TONE_THRESHOLD: served.tone,
            **{f"topic:{topic}": least for topic, least in served.thresholds.items()},
        },
    )
    if data.events:
        finished = with_events(Artifact(folder, finished), data.events, progress)
    return with_card(finished, write_card(finished, data, halves), folder)
