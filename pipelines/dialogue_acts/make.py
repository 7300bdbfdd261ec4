"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from pathlib import Path

from pipelines.artifacts.drafting import draft_artifact, with_card
from pipelines.classification.figures import compare_engines, with_figures
from pipelines.classification.model import OBJECTIVE
from pipelines.classification.sharing import classifier_on, read_by
from pipelines.continual.learned_texts import save_learned_texts
from pipelines.continual.learning_on import begin
from pipelines.dialogue_acts.calibrate import halve
from pipelines.dialogue_acts.card import write_card
from pipelines.dialogue_acts.data import TurnData
from pipelines.dialogue_acts.descriptions import describe
from pipelines.dialogue_acts.evaluate import judge
from pipelines.dialogue_acts.examples import FRAMING, examples_of
from pipelines.dialogue_acts.settings import DialogueActSettings
from pipelines.distillation.classifier import learn
from pipelines.distillation.classifier_teacher import Heads
from pipelines.distillation.depth import as_deep_as_asked
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.tuning.methods import WITHOUT_TUNING
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.dialogue_acts import ACTS, SEPARATOR


def make_artifact(
    spec: TrainingSpec[TurnData, DialogueActSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph tells too many messages otherwise.
    """
    settings = spec.settings
    with progress.stage("Reading the data"):
        data = spec.source.read()
        train, halves = examples_of(data.train), halve(data, settings.seed)
        text = read_by(spec.base, folder, settings, two_heads=True)
        as_deep_as_asked(text, spec.distillation)
        text.pooled_until = text.reader.id_of(SEPARATOR)
        model = classifier_on(text, len(ACTS), len(ACTS))
    begin(model, train, spec, describe(), progress)
    with progress.stage("Judging it as it begins"):
        before = judge(model.logits, halves)
    if settings.method not in WITHOUT_TUNING:
        judged = [text for half in halves for text in half.texts]
        learn(model, train, judged, Heads(ACTS, ACTS, SEPARATOR), spec, progress, FRAMING)
    save_learned_texts(train.texts, folder)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        method = OBJECTIVE.by(settings.method)
        artifact = draft_artifact(
            spec, model, method, folder, labels=ACTS, topics=ACTS, pooled_until=SEPARATOR
        )
    with progress.stage("Evaluating and calibrating"):
        trained = judge(model.logits, halves)
        served = judge(OnnxClassifier(artifact, "int8", threads=2).logits, halves)
        agreement = compare_engines(trained, served)
        agreement.require(settings.min_int8_same_label)
    finished = with_figures(artifact.manifest, before, trained, served, agreement)
    return with_card(finished, write_card(finished, len(train), halves, served), folder)
