"""From what users did to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import draft_artifact, named, with_card
from pipelines.recommendations.card import write_card
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.encoder import fit_encoder
from pipelines.recommendations.evaluate import compare_engines, measure_lists, measure_text_match
from pipelines.recommendations.following_files import settings_of, write_following
from pipelines.recommendations.half_lives import fit_half_lives, told
from pipelines.recommendations.item_model import fit_item_model
from pipelines.recommendations.model import OBJECTIVE
from pipelines.recommendations.ranker import fit_ranker
from pipelines.recommendations.replay import Encode, TextVectors
from pipelines.recommendations.sequence.choose import choose_following, require_use_of_vectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import split_moments
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.training.text_model import TextModel
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx import OnnxEncoder
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.ranker import RANKER_FILE, Ranker


def make_artifact(
    spec: TrainingSpec[ShopData, RecommendationSettings],
    folder: Path,
    progress: Progress,
    encode: Encode = TextVectors.encode,
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Args:   encode: of all texts at once; one that keeps vectors spares the next run the work.
    Raises: DataError: the data cannot be used.
            ArtifactError: a graph strays too far from what it was made from.
    """
    settings = spec.settings

    def load() -> TextModel:
        return TextModel(spec.base, folder, settings.max_tokens)

    with progress.stage("Reading the data"):
        data = spec.source.read()
        require_use_of_vectors(data, settings)
        parts = split_moments(data, settings)
        model = load()
    with progress.stage("Measuring the base model"):
        untrained = encode(model, data.texts)
        usual = HalfLives(taste_days=settings.half_life_days)
        half_lives = fit_half_lives(data, parts.train, untrained, usual, settings.seed)
        progress.say(told(half_lives))
        settings = replace(settings, half_life_days=half_lives.taste_days)
        base = measure_text_match(data, parts.test, untrained, half_lives)
    encoder = fit_encoder(
        model, load, data, parts, untrained, half_lives, settings, progress, spec.run, encode
    )
    with progress.stage("Exporting to ONNX, quantising to int8"):
        artifact = draft_artifact(spec, encoder.model, OBJECTIVE.by(settings.method), folder)
    with progress.stage("Checking int8 against torch"):
        served = encode(OnnxEncoder(artifact, "int8", threads=2), data.texts)
        agreement = compare_engines(
            encoder.vectors, served, data, parts.test, half_lives.taste_days
        )
        agreement.require(settings.min_int8_cosine, settings.min_int8_top1)
    following = choose_following(
        data, parts.calibration, served, half_lives, settings, progress, spec.run
    )
    with progress.stage("Training and calibrating the ranker"):
        fitted = fit_ranker(data, parts, served, following, settings, half_lives, encoder.earlier)
        (folder / RANKER_FILE).write_bytes(fitted.learned.graph)
    with progress.stage("Evaluating"):
        ranker = Ranker(spec.task, fitted.learned.graph, fitted.calibration)
        metrics = measure_lists(
            ranker, data, parts.test, served, half_lives, item_model=fitted.known
        )
        last = following.fit(data.events)
        write_following(last, lambda: fit_item_model(data, data.events, served), folder)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=metrics
        | named("base_", base)
        | named("int8_", asdict(agreement))
        | following.metrics
        | fitted.metrics
        | {"tuned": float(encoder.is_tuned)},
        settings=artifact.manifest.settings | half_lives.as_settings() | settings_of(last),
        features=FEATURES,
        calibration=fitted.calibration,
    )
    return with_card(finished, write_card(finished, data, parts), folder)
