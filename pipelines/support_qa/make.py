"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import draft_artifact, named, with_card
from pipelines.distillation.depth import as_deep_as_asked
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.support_qa.calibrate import calibrate
from pipelines.support_qa.card import write_card
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.evaluate import build_index, compare_engines, measure_retrieval
from pipelines.support_qa.model import OBJECTIVES
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.support_qa.teaching import taught_by
from pipelines.support_qa.train import tune
from pipelines.training.text_model import TextModel
from pipelines.training_data.readability import require_readable
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx import OnnxEncoder


def make_artifact(
    spec: TrainingSpec[SupportData, SupportQaTrainingSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph strays too far from the model.
    """
    settings = spec.settings
    with progress.stage("Reading the data"):
        data = spec.source.read()
        model = TextModel(spec.base, folder, settings.max_tokens)
        model.gives_states = True  # by which the best passages are read closely
        require_readable([asked.text for asked in data.train], model.reader, model.name)
        as_deep_as_asked(model, spec.distillation)
    with progress.stage("Measuring the base model"):
        untrained = build_index(model, data)
        base = measure_retrieval(untrained, data.held_out)
    taught = taught_by(spec, data, untrained.encoder, progress)
    with progress.stage("Fine-tuning") as stage:
        tune(model, data, untrained.encoder, settings, stage, spec.run, taught)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        artifact = draft_artifact(
            spec, model, OBJECTIVES[settings.loss].by(settings.method), folder, states=True
        )
    with progress.stage("Checking int8 against torch"):
        trained = build_index(model, data)
        served = build_index(OnnxEncoder(artifact, "int8", threads=2), data)
        agreement = compare_engines(trained.encoder, served.encoder, data)
        agreement.require(settings.min_int8_cosine, settings.min_int8_top1)
    with progress.stage("Evaluating and calibrating"):
        calibrated = calibrate(served, data, settings.max_risk, settings.seed)
        fp32 = measure_retrieval(trained.weighing(calibrated.ranking), data.held_out)
        int8 = measure_retrieval(served.weighing(calibrated.ranking), data.held_out)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=int8
        | named("fp32_", fp32)
        | named("base_", base)
        | named("int8_", asdict(agreement))
        | calibrated.metrics,
        calibration=calibrated.calibration,
        ranking=msgspec.structs.asdict(calibrated.ranking),
        thresholds={"answer": calibrated.threshold},
    )
    return with_card(finished, write_card(finished, data), folder)
