"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import draft_artifact, named, with_card
from pipelines.reranker.calibrate import calibrate, read_held_out
from pipelines.reranker.card import write_card
from pipelines.reranker.data import RerankerData
from pipelines.reranker.evaluate import compare_engines, some_pairs
from pipelines.reranker.mining import mine_public, mine_rankings
from pipelines.reranker.model import BINARY, OBJECTIVE, new_model
from pipelines.reranker.retriever import open_retriever
from pipelines.reranker.settings import RerankerSettings
from pipelines.reranker.train import tune
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.training.text_model import TextModel
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.reranking import LABELS, Reranker


def make_artifact(
    spec: TrainingSpec[RerankerData, RerankerSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used, or there is no retriever.
            ArtifactError: the int8 graph strays too far from the model.
    """
    settings = spec.settings
    with progress.stage("Reading the data"):
        data = spec.source.read()
        model = new_model(TextModel(spec.base, folder, settings.max_tokens), settings.seed)
    with progress.stage("Looking for passages that nearly answer"):
        retriever = open_retriever(settings.retriever, data.support)
        asked = [*data.support.train, *data.support.unanswerable_train]
        rankings = mine_rankings(retriever.index, asked, settings.mined)
        rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
        for public in data.public:
            rankings += mine_public(
                retriever.index.encoder, public, settings.mined, settings.public_lists, rng
            )
    with progress.stage("Fine-tuning") as stage:
        tune(model, rankings, settings, stage, spec.run)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        objective = BINARY if settings.loss == "binary" else OBJECTIVE
        method = objective.by(settings.method)
        artifact = draft_artifact(spec, model, method, folder, labels=LABELS)
    with progress.stage("Checking int8 against torch"):
        served = OnnxClassifier(artifact, "int8", threads=2)
        pairs = some_pairs(retriever, data.support.held_out, settings.read)
        agreement = compare_engines(model, served, pairs)
        agreement.require(settings.min_int8_same_label)
    with progress.stage("Reading held-out questions beside their passages, calibrating"):
        reranker = Reranker(served, weight=0.0)
        readings = read_held_out(retriever, reranker, data.support, settings.read, settings.seed)
        calibrated = calibrate(retriever, readings, settings.max_risk)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=calibrated.metrics | named("int8_", asdict(agreement)),
        calibration=calibrated.calibration,
        ranking={"relevance": calibrated.weight},
        thresholds={"answer": calibrated.threshold},
    )
    return with_card(finished, write_card(finished, data, len(rankings)), folder)
