"""From what users did to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import msgspec

from pipelines.drafting import draft_artifact, named, with_card
from pipelines.progress import Progress
from pipelines.recommendations.calibrate import calibrate
from pipelines.recommendations.card import write_card
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.evaluate import (
    compare_engines,
    measure_lists,
    measure_text_match,
)
from pipelines.recommendations.model import OBJECTIVE
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import split_moments
from pipelines.recommendations.train import train_ranker, tune
from pipelines.text_model import TextModel
from pipelines.training_spec import TrainingSpec
from textwire.models.manifest import Manifest
from textwire.models.onnx import OnnxEncoder
from textwire.recommendations.features import FEATURES
from textwire.recommendations.ranker import RANKER_FILE, Ranker


def make_artifact(
    spec: TrainingSpec[ShopData, RecommendationSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used.
            ArtifactError: a graph strays too far from what it was made from.
    """
    settings, half_life_days = spec.settings, spec.settings.half_life_days
    with progress.stage("Reading the data"):
        data = spec.source.read()
        parts = split_moments(data, settings)
        model = TextModel(spec.base, folder, settings.max_tokens)
    with progress.stage("Measuring the base model"):
        untrained = TextVectors.encode(model, data.texts)
        base = measure_text_match(data, parts.test, untrained, half_life_days)
    with progress.stage("Fine-tuning") as stage:
        tune(model, data, parts.train, untrained, settings, stage, spec.run)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        artifact = draft_artifact(spec, model, OBJECTIVE.by(settings.method), folder)
    with progress.stage("Checking int8 against torch"):
        trained = TextVectors.encode(model, data.texts)
        served = TextVectors.encode(OnnxEncoder(artifact, "int8", threads=2), data.texts)
        agreement = compare_engines(trained, served, data, parts.test, half_life_days)
        agreement.require(settings.min_int8_cosine, settings.min_int8_top1)
    with progress.stage("Training and calibrating the ranker"):
        graph, difference = train_ranker(data, parts.train, served, settings)
        calibration = calibrate(graph, data, parts.calibration, served, half_life_days)
        (folder / RANKER_FILE).write_bytes(graph)
    with progress.stage("Evaluating"):
        ranker = Ranker(spec.task, graph, calibration)
        metrics = measure_lists(ranker, data, parts.test, served, half_life_days)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=metrics
        | named("base_", base)
        | named("int8_", asdict(agreement))
        | {"ranker_onnx_difference": difference},
        features=FEATURES,
        calibration=calibration,
    )
    return with_card(finished, write_card(finished, data, parts), folder)
