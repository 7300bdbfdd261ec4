"""From data to an artifact, stage by stage, in the order they run."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path

import msgspec

from pipelines.drafting import draft_manifest, named, with_card
from pipelines.export import export_onnx
from pipelines.fine_tuning import Schedule, fine_tune, info_nce
from pipelines.methods import Method, choose_trainable, learning_rate, merged
from pipelines.pair_batches import draw_batches, draw_neighbourhoods
from pipelines.progress import Progress, Stage
from pipelines.quantising import Agreement, compare, quantise
from pipelines.support_qa.calibrate import calibrate
from pipelines.support_qa.card import write_card
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.evaluate import build_index, measure_retrieval
from pipelines.support_qa.settings import SupportQaTrainingSettings
from pipelines.text_model import TextModel
from pipelines.training_spec import TrainingSpec
from textwire.models.artifact import Artifact, hash_files
from textwire.models.encoder import Encoder
from textwire.models.manifest import Manifest
from textwire.models.onnx import OnnxEncoder
from textwire.support_qa.passage_index import PassageIndex

METHODS: dict[Method, str] = {
    "full": "contrastive fine-tuning of all layers",
    "lora": "contrastive fine-tuning of LoRA's adapters on attention",
    "head": "contrastive learning of a matrix over the frozen model's vectors",
}
LOSS = "InfoNCE, in-batch negatives among neighbours, mean pooling"


def make_artifact(
    recipe: TrainingSpec[SupportData, SupportQaTrainingSettings], folder: Path, progress: Progress
) -> Manifest:
    """Everything that the artifact's folder is to hold, and its manifest.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph strays too far from the model.
    """
    settings = recipe.settings
    with progress.stage("Reading the data"):
        data = recipe.source.read()
        model = TextModel(recipe.base, folder, settings.max_tokens)
    with progress.stage("Measuring the base model"):
        untrained = build_index(model, data)
        base_metrics = measure_retrieval(untrained, data.held_out)
    with progress.stage("Fine-tuning") as stage:
        tune(model, data, untrained.encoder, settings, stage)
    with progress.stage("Exporting to ONNX, quantising to int8"):
        model.save(folder)
        export_onnx(model, folder / "model.onnx")
        quantise(folder / "model.onnx", folder / "model.int8.onnx")
        method = f"{METHODS[settings.method]} ({LOSS})"
        artifact = Artifact(
            folder, draft_manifest(recipe, method, model.dimension, hash_files(folder))
        )
    with progress.stage("Checking int8 against torch"):
        trained = build_index(model, data)
        served = build_index(OnnxEncoder(artifact, "int8", threads=2), data)
        agreement = compare_engines(trained.encoder, served.encoder, data)
        agreement.require(settings.min_int8_cosine, settings.min_int8_top1)
    with progress.stage("Evaluating and calibrating"):
        metrics = measure_all(trained, served, data) | named("base_", base_metrics)
        calibrated = calibrate(served, data, settings.max_risk, settings.seed)
    finished = msgspec.structs.replace(
        artifact.manifest,
        metrics=metrics | named("int8_", asdict(agreement)) | calibrated.metrics,
        calibration=calibrated.calibration,
        thresholds={"answer": calibrated.threshold},
    )
    return with_card(finished, write_card(finished, data), folder)


def tune(
    model: TextModel,
    data: SupportData,
    untrained: Encoder,
    settings: SupportQaTrainingSettings,
    stage: Stage,
) -> None:
    """Pull questions to their passages, away from those that the untrained model finds alike."""
    pairs = data.pairs()
    passages = list(dict.fromkeys(pair.passage for pair in pairs))
    vectors = untrained.encode(passages)
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
    choose_trainable(model, settings.method)
    rate = learning_rate(settings.method, settings.learning_rate)
    fine_tune(
        model,
        lambda: draw_batches(
            pairs,
            draw_neighbourhoods(passages, vectors, settings.neighbours, rng),
            settings.passages_per_batch,
            rng,
        ),
        lambda tuned, batch: info_nce(tuned, batch, settings.temperature, settings.train_tokens),
        Schedule(settings.epochs, rate, seed=settings.seed),
        stage,
    )
    merged(model)


def compare_engines(trained: Encoder, served: Encoder, data: SupportData) -> Agreement:
    """How near the int8 graph's vectors are to the model's, over held-out questions."""
    questions = [asked.text for asked in data.held_out]
    passages = [passage.searchable_text for passage in data.passages]
    return compare(
        trained.encode(questions),
        trained.encode(passages),
        served.encode(questions),
        served.encode(passages),
    )


def measure_all(trained: PassageIndex, served: PassageIndex, data: SupportData) -> dict[str, float]:
    """Retrieval of held-out questions by what serves, and by the model before it was quantised."""
    return measure_retrieval(served, data.held_out) | named(
        "fp32_", measure_retrieval(trained, data.held_out)
    )
