"""Learning, choosing and measuring.

Divided by time for all users alike: what is learned or counted is from before the division, and
weights are chosen on the cases before the last division.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from pipelines.engines import export_engines
from pipelines.progress import Progress
from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.public.cases import Case, read_cases, read_events, read_items
from pipelines.recommendations.public.report import write_report
from pipelines.recommendations.public.settings import AmazonSettings
from pipelines.recommendations.public.signals import (
    Weights,
    choose_weights,
    measured,
    signals,
)
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.train import tune
from pipelines.text_model import TextModel
from textwire.models.base_model import find_base

VALID_FROM = datetime.fromtimestamp(1495152000, UTC)
TEST_FROM = datetime.fromtimestamp(1511049600, UTC)


def evaluate_amazon(
    folder: Path, report: Path | None, settings: AmazonSettings, progress: Progress
) -> dict[str, float]:
    """Learn twice, choose weights and model on valid, measure on test; a report if asked for.

    Raises: DataError: the data are not there, or not as they should be.
    """
    items = read_items(folder / "items.jsonl")
    events = read_events(folder / "interactions.csv")
    valid, test = read_cases(folder / "valid.csv"), read_cases(folder / "test.csv")
    before = ShopData(items, [e for e in events if moment_of(e) < VALID_FROM]).checked()
    data = ShopData(items, [e for e in events if moment_of(e) < TEST_FROM]).checked()
    with tempfile.TemporaryDirectory() as work:
        model = TextModel(find_base(settings.base), Path(work), settings.max_tokens)
        with progress.stage("Reading items with the base model"):
            base = TextVectors.encode(model, data.texts)
        with progress.stage("The same at int8"):
            int8 = export_engines(model, Path(work), settings.max_tokens)["int8"]
            read = {"base": base, "base_int8": TextVectors.encode(int8, data.texts)}
        tuned = _tuned(model, before, base, settings, progress, "until valid")
        with progress.stage("Choosing weights on valid"):
            chosen = {
                "base": choose_weights(signals(before, valid, base, settings), before, valid),
                "tuned": choose_weights(signals(before, valid, tuned, settings), before, valid),
            }
        model = TextModel(find_base(settings.base), Path(work), settings.max_tokens)
        read["tuned"] = _tuned(model, data, base, settings, progress, "until test")
        with progress.stage("Reading items, tuned, at int8"):
            int8 = export_engines(model, Path(work), settings.max_tokens)["int8"]
            read["tuned_int8"] = TextVectors.encode(int8, data.texts)
    with progress.stage("Measuring on test"):
        figures = measure_others(data, test, base, settings)
        for name, vectors in read.items():
            weights = chosen[name.removesuffix("_int8")].weights
            figures |= measure(f"{name}_", data, test, vectors, weights, settings)
    if report:
        write_report(report, figures, chosen, len(test), settings, progress.seconds)
        progress.say(f"Written to {report}.")
    for way in ("popularity", "together", *(f"{name}_fused" for name in read)):
        progress.say(f"{way:<16} HR@10 {figures[f'{way}_hr_at_10']:.4f}")
    return figures


def purchase_moments(data: ShopData) -> list[Moment]:
    """Before each purchase of a user who bought something before."""
    known: set[str] = set()
    moments = []
    for place, event in enumerate(data.events):
        item_id, at = event.item_id or "", moment_of(event)
        if event.user_id in known and item_id in data.by_id:
            moments.append(Moment(place, event.user_id, at, None, (item_id,), (), at))
        known.add(event.user_id)
    return moments


def measure(
    prefix: str,
    data: ShopData,
    cases: Sequence[Case],
    vectors: TextVectors,
    weights: Weights,
    settings: AmazonSettings,
) -> dict[str, float]:
    """By the match of texts alone, and fused."""
    found = signals(data, cases, vectors, settings)
    ways = {"text": Weights(), "fused": weights}
    return {
        f"{prefix}{way}_{name}": value
        for way, chosen in ways.items()
        for name, value in measured(found.fused(chosen), data, cases).items()
    }


def measure_others(
    data: ShopData, cases: Sequence[Case], vectors: TextVectors, settings: AmazonSettings
) -> dict[str, float]:
    """By counts alone: what was bought most, and what was bought together."""
    found = signals(data, cases, vectors, settings)
    popular = np.broadcast_to(found.popularity, found.text.shape)
    ways = {"popularity": popular, "together": found.together + 1e-4 * popular}
    return {
        f"{way}_{name}": value
        for way, scores in ways.items()
        for name, value in measured(scores, data, cases).items()
    }


def _tuned(
    model: TextModel,
    data: ShopData,
    base: TextVectors,
    settings: AmazonSettings,
    progress: Progress,
    until: str,
) -> TextVectors:
    """Vectors after learning from each purchase that followed another."""
    recipe = RecommendationSettings(
        epochs=settings.epochs,
        method=settings.method,
        half_life_days=settings.half_life_days,
        learning_rate=settings.learning_rate,
        temperature=settings.temperature,
        train_tokens=settings.train_tokens,
        texts_per_step=settings.texts_per_step,
        moments_per_step=settings.moments_per_step,
        seed=settings.seed,
    )
    with progress.stage(f"Fine-tuning on purchases {until}") as stage:
        tune(model, data, purchase_moments(data), base, recipe, stage)
    with progress.stage(f"Reading items, tuned {until}"):
        return TextVectors.encode(model, data.texts)
