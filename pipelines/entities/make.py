"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import draft_artifact, named, with_card
from pipelines.entities.calibrate import halve
from pipelines.entities.card import write_card
from pipelines.entities.data import EntityData
from pipelines.entities.evaluate import compare_engines, judge
from pipelines.entities.examples import tagged_rows, unreachable
from pipelines.entities.model import OBJECTIVE, TokenTagger
from pipelines.entities.settings import EntitySettings
from pipelines.entities.train import fit_head, require_method, tune
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.training.text_model import TextModel
from pipelines.training_data.readability import require_readable
from pipelines.tuning.methods import WITHOUT_TUNING
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.entity_recogniser import THRESHOLD, EntityRecogniser
from textwire.models.engines.entity_spans import tags_of


def make_artifact(
    spec: TrainingSpec[EntityData, EntitySettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used, or the method is none of entities.
            ArtifactError: the int8 graph tags too many words otherwise.
    """
    settings = spec.settings
    require_method(settings)
    with progress.stage("Reading the data"):
        data = spec.source.read()
        tags, halves = tags_of(data.kinds), halve(data, settings.seed)
        text = TextModel(spec.base, folder, settings.max_tokens)
        require_readable([one.text for one in data.train], text.reader, text.name)
        model = TokenTagger(text, len(tags))
        train = tagged_rows(data.train, tags, text.reader, settings.train_tokens)
    with progress.stage("Fitting the head on the frozen model"):
        fit_head(model, train, settings)
        base = judge(model.tag_texts, halves, tags)
    if settings.method not in WITHOUT_TUNING:
        with progress.stage("Fine-tuning") as stage:
            tune(model, train, settings, stage, spec.run)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        method = OBJECTIVE.by(settings.method)
        artifact = draft_artifact(spec, model, method, folder, labels=tags)
    with progress.stage("Evaluating and calibrating"):
        trained = judge(model.tag_texts, halves, tags)
        served = judge(EntityRecogniser(artifact, "int8", threads=2).tag_texts, halves, tags)
        agreement = compare_engines(trained, served)
        agreement.require(settings.min_int8_same_tag)
        lost = unreachable(halves.reported, tags, text.reader)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=served.metrics
        | named("base_", base.metrics)
        | named("fp32_", trained.metrics)
        | named("int8_", asdict(agreement)),
        temperatures={"tags": served.decoding.temperature},
        thresholds={THRESHOLD: served.decoding.threshold},
    )
    card = write_card(finished, data, halves.reported, served, lost)
    return with_card(finished, card, folder)
