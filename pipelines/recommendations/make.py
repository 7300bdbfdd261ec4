"""From what users did to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np

from pipelines.drafting import draft_manifest, named, with_card
from pipelines.export import export_onnx
from pipelines.methods import Method
from pipelines.progress import Progress
from pipelines.quantising import Agreement, compare, quantise
from pipelines.recommendations.card import write_card
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.evaluate import measure_lists, measure_text_match
from pipelines.recommendations.examples import served_rows, training_rows
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import TimeSplit, split_by_time
from pipelines.recommendations.trees import (
    UNCALIBRATED,
    as_onnx,
    check_same,
    fit_platt,
    stacked,
    train_trees,
)
from pipelines.recommendations.two_tower import find_histories, tune
from pipelines.text_model import TextModel
from pipelines.training_spec import TrainingSpec
from textwire.models.artifact import Artifact, hash_files
from textwire.models.encoder import Encoder, Vectors
from textwire.models.manifest import Calibration, Manifest
from textwire.models.onnx import OnnxEncoder
from textwire.recommendations.features import FEATURES
from textwire.recommendations.ranker import RANKER_FILE, Ranker

METHODS: dict[Method, str] = {
    "full": "fine-tuning of all layers",
    "lora": "fine-tuning of LoRA's adapters on attention",
    "head": "learning of a matrix over the frozen model's vectors",
}
LOSS = "two towers, InfoNCE over the catalogue; LightGBM over features; Platt's calibration"


def make_artifact(
    recipe: TrainingSpec[ShopData, RecommendationSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used.
            ArtifactError: a graph strays too far from what it was made from.
    """
    settings = recipe.settings
    with progress.stage("Reading the data"):
        data = recipe.source.read()
        parts = split(data, settings)
        model = TextModel(recipe.base, folder, settings.max_tokens)
    with progress.stage("Measuring the base model"):
        base = TextVectors.encode(model, data.texts)
        base_metrics = measure_text_match(data, parts.test, base, settings.half_life_days)
    with progress.stage("Fine-tuning") as stage:
        tune(model, data, parts.train, base, settings, stage)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        artifact = export(recipe, model, folder)
        encoder = OnnxEncoder(artifact, "int8", threads=2)
    with progress.stage("Checking int8 against torch"):
        vectors = TextVectors.encode(encoder, data.texts)
        agreement = compare_engines(model, vectors, data, parts, settings.half_life_days)
        agreement.require(settings.min_int8_cosine, settings.min_int8_top1)
    with progress.stage("Training and calibrating the ranker"):
        graph, difference = train_ranker(data, parts, vectors, settings)
        calibration = calibrate(data, parts, vectors, settings, graph)
        (folder / RANKER_FILE).write_bytes(graph)
    with progress.stage("Evaluating"):
        ranker = Ranker(recipe.task, graph, calibration)
        metrics = measure_lists(ranker, data, parts.test, vectors, settings.half_life_days)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=metrics
        | named("base_", base_metrics)
        | named("int8_", asdict(agreement))
        | {"ranker_onnx_difference": difference},
        features=FEATURES,
        calibration=calibration,
    )
    return with_card(finished, write_card(finished, data, parts), folder)


def split(data: ShopData, settings: RecommendationSettings) -> TimeSplit:
    """The moments of the data, by part.

    Raises: DataError: nothing was liked in one of the parts.
    """
    moments = find_moments(data, timedelta(minutes=settings.visit_gap_minutes))
    return split_by_time(data, moments, settings.train_part, settings.calibration_part)


def export(
    recipe: TrainingSpec[ShopData, RecommendationSettings], model: TextModel, folder: Path
) -> Artifact:
    """The encoder's files, and what can be said of it so far."""
    model.save(folder)
    export_onnx(model, folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model.int8.onnx")
    method = f"{METHODS[recipe.settings.method]} ({LOSS})"
    return Artifact(folder, draft_manifest(recipe, method, model.dimension, hash_files(folder)))


def compare_engines(
    trained: Encoder, served: TextVectors, data: ShopData, parts: TimeSplit, half_life_days: float
) -> Agreement:
    """How near the int8 graph's vectors are to the model's: of items, and of users at test time."""
    torch_vectors = TextVectors.encode(trained, data.texts)
    histories = find_histories(data, parts.test, served.places, half_life_days)
    items = [item.text for item in data.by_id.values()]

    def users(vectors: TextVectors) -> Vectors:
        rows = [
            np.average(vectors.vectors[list(past.places)], axis=0, weights=past.weights)
            for past in histories
            if past.places
        ] or [vectors.vectors[0]]
        stacked_rows: Vectors = np.vstack(rows).astype(np.float32)
        stacked_rows /= np.linalg.norm(stacked_rows, axis=1, keepdims=True)
        return stacked_rows

    return compare(
        users(torch_vectors), torch_vectors.rows(items), users(served), served.rows(items)
    )


def train_ranker(
    data: ShopData, parts: TimeSplit, vectors: TextVectors, settings: RecommendationSettings
) -> tuple[bytes, float]:
    """The ranker's graph, and how far it is from its trees.

    Raises: DataError: nothing to tell apart. ArtifactError: the graph is not the trees.
    """
    rows = list(
        training_rows(
            data,
            parts.train,
            vectors,
            settings.half_life_days,
            settings.other_candidates,
            settings.seed,
        )
    )
    trees = train_trees(rows, settings)
    graph = as_onnx(trees)
    return graph, check_same(trees, graph, stacked(rows)[0])


def calibrate(
    data: ShopData,
    parts: TimeSplit,
    vectors: TextVectors,
    settings: RecommendationSettings,
    graph: bytes,
) -> Calibration:
    """Fitted on all that lists look at in the middle part of the time."""
    rows = list(served_rows(data, parts.calibration, vectors, settings.half_life_days))
    features, liked = stacked(rows)
    return fit_platt(Ranker("uncalibrated", graph, UNCALIBRATED).raw(features), liked)
