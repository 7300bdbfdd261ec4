"""Trained on the purchases before a day, as a shop's owner would; judged by the lists after it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.progress import Progress
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.make import make_artifact
from pipelines.recommendations.public.cases import (
    TEST_FROM,
    Case,
    PurchaseLog,
    read_cases,
    sample_cases,
)
from pipelines.recommendations.public.counting import measure_counts
from pipelines.recommendations.public.report import write_report
from pipelines.recommendations.public.served import (
    ServedModel,
    measure_served,
    measure_text_match,
)
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import APPLICATION, TASK, RecommendationSettings
from pipelines.text_model import TextModel
from pipelines.training_spec import read_spec
from textwire.models.artifact import Artifact
from textwire.models.onnx import OnnxEncoder
from textwire.recommendations.half_lives import half_lives_of
from textwire.recommendations.item_model import load_item_model
from textwire.recommendations.ranker import load_ranker

DEPTHS = (5, 10)
# After all of them.
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def evaluate_amazon(
    folder: Path,
    report: Path | None,
    settings: RecommendationSettings,
    progress: Progress,
    cases: int | None = None,
) -> dict[str, float]:
    """Train as `pipelines recommendations run` does, and measure; a report if asked for.

    Args:   cases: judge so many, drawn by the seed of the settings; None: all.
    Raises: DataError: the data are not there, or not as they should be.
    """
    test = read_cases(folder / "test.csv")
    drawn = sample_cases(test, cases, settings.seed)
    log = PurchaseLog(folder, TEST_FROM)
    with tempfile.TemporaryDirectory() as work:
        spec = read_spec(APPLICATION, TASK, log, settings)
        manifest = make_artifact(spec, Path(work), progress)
        with progress.stage("Loading what serves"):
            before = log.read()
            model = load_served(Artifact(Path(work), manifest), before)
    with tempfile.TemporaryDirectory() as work, progress.stage("Reading items with the base model"):
        base = TextModel(spec.base, Path(work), settings.max_tokens)
        untuned = replace(model, vectors=TextVectors.encode(base, before.texts).as_served(before))
    figures = measure_cases(model, before, PurchaseLog(folder, FOR_EVER).read(), drawn, progress)
    with progress.stage("Measuring what does not serve"):
        figures |= measure_texts({"text": model, "base_text": untuned}, before, drawn)
    if report:
        write_report(report, figures, (len(drawn), len(test)), settings, progress.seconds)
        progress.say(f"Written to {report}.")
    for way in ("popularity", "together", "served", "following", "text", "base_text"):
        progress.say(f"{way:<12} HR@10 {figures[f'{way}_hr_at_10']:.4f} ({len(drawn)} cases)")
    return figures


def load_served(artifact: Artifact, data: ShopData) -> ServedModel:
    """Encoder and ranker of an artifact, and the vectors of all texts, as the service has them.

    Raises: ArtifactError: it lacks one.
    """
    encoder = OnnxEncoder(artifact, "int8", threads=2)
    vectors = TextVectors.encode(encoder, data.texts).as_served(data)
    item_model = load_item_model(artifact)
    return ServedModel(vectors, load_ranker(artifact), half_lives_of(artifact.manifest), item_model)


def measure_cases(
    model: ServedModel,
    before: ShopData,
    everything: ShopData,
    cases: Sequence[Case],
    progress: Progress,
) -> dict[str, float]:
    """What serves, and what it must beat, by the prefix of the way.

    served       knows the log before the division and the case's history, as all others here do.
    following    has also followed what everybody bought since, up to the day before.
    """
    with progress.stage("Counting"):
        figures = measure_counts(before, cases, DEPTHS)
    with progress.stage("Measuring what serves"):
        known = {
            "served": measure_served(model, before, cases, lambda _: TEST_FROM, DEPTHS),
            "following": measure_served(model, everything, cases, lambda case: case.at, DEPTHS),
        }
    return figures | _prefixed(known)


def measure_texts(
    models: Mapping[str, ServedModel], before: ShopData, cases: Sequence[Case]
) -> dict[str, float]:
    """The match of texts alone over all items, by the prefix of each encoder."""
    found = {
        name: measure_text_match(model, before, cases, lambda _: TEST_FROM, DEPTHS)
        for name, model in models.items()
    }
    return _prefixed(found)


def _prefixed(by_way: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {
        f"{way}_{name}": value for way, found in by_way.items() for name, value in found.items()
    }
