"""The public figure: the next purchase among 3,686 industrial items (Amazon Reviews 2018).

Each case is a user's purchases so far and the one that followed. Divided by time for all users
alike: what is learned or counted is from before the division, and weights are chosen on the cases
before the last division.
"""

from __future__ import annotations

import csv
import itertools
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from pipelines.base_model import find_base
from pipelines.export import export_onnx
from pipelines.progress import Progress
from pipelines.quantising import quantise
from pipelines.recipe import Settings
from pipelines.recommendations.amazon_report import write_report
from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.measures import list_metrics, rank_among
from pipelines.recommendations.moments import Moment
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.towers import tune
from pipelines.text_model import TextModel
from textwire.errors import DataError
from textwire.messages import BehaviourEvent, Item
from textwire.models.artifact import Artifact, hash_files
from textwire.models.encoder import Encoder, Vectors
from textwire.models.manifest import Manifest
from textwire.models.onnx import OnnxEncoder
from textwire.ranking.profiles import profile_vector, updated

VALID_FROM = datetime.fromtimestamp(1495152000, UTC)
TEST_FROM = datetime.fromtimestamp(1511049600, UTC)
DEPTHS = (5, 10)
# Tried on the valid cases: how much each adds to the match of the texts, whose spread is 1.
TRIED_TOGETHER = (0.0, 1.0, 2.0, 4.0, 8.0)
TRIED_POPULARITY = (0.0, 0.1, 0.2, 0.4, 0.8)
# And how much it takes away that the user has bought the item; 20 puts it last.
TRIED_BOUGHT = (0.0, 0.5, 1.0, 2.0, 20.0)
DESCRIPTION_LETTERS = 400  # the rest repeats itself, and costs half of the time


@dataclass(frozen=True)
class AmazonSettings(Settings):
    """The recipe."""

    epochs: int = 1
    max_tokens: int = 96
    train_tokens: int = 64
    texts_per_step: int = 48
    moments_per_step: int = 512
    learning_rate: float = 2e-5
    temperature: float = 0.05
    half_life_days: float = 30.0
    window: int = 3  # a purchase goes together with so many of the user's next


class Case(NamedTuple):
    """A user's purchases so far, and the item that followed."""

    history: list[BehaviourEvent]
    item_id: str


class Weights(NamedTuple):
    """What is added to the match of the texts, and taken from it where an item was bought."""

    together: float = 0.0
    popularity: float = 0.0
    bought: float = 0.0


class Chosen(NamedTuple):
    """Weights, and the NDCG@10 of the valid cases with them."""

    weights: Weights
    ndcg_at_10: float


@dataclass(frozen=True)
class Signals:
    """For each case and item, (n, items).

    text        cosine of the item to what the user bought, divided by the standard deviation of
                all of them: one encoder keeps its vectors closer together than another.
    together    how often it was bought after what the user bought.
    bought      1 where the user bought it before.
    popularity  log of how often it was bought at all, (items,).
    """

    text: Vectors
    together: Vectors
    bought: Vectors
    popularity: Vectors

    def fused(self, weights: Weights) -> Vectors:
        """One score for each case and item."""
        speaking_for = self.text + weights.together * self.together
        fused: Vectors = (
            speaking_for + weights.popularity * self.popularity - weights.bought * self.bought
        )
        return fused


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
            int8 = export_int8(model, Path(work), settings)
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
            int8 = export_int8(model, Path(work), settings)
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


def measure_frozen(
    folder: Path, encoder: Encoder, settings: AmazonSettings
) -> tuple[Weights, dict[str, float]]:
    """The same with an encoder as it is: weights by valid, figures of test.

    Raises: DataError: the data are not there, or not as they should be.
    """
    items, events = read_items(folder / "items.jsonl"), read_events(folder / "interactions.csv")
    valid, test = read_cases(folder / "valid.csv"), read_cases(folder / "test.csv")
    before = ShopData(items, [e for e in events if moment_of(e) < VALID_FROM]).checked()
    data = ShopData(items, [e for e in events if moment_of(e) < TEST_FROM]).checked()
    vectors = TextVectors.encode(encoder, data.texts)
    chosen = choose_weights(signals(before, valid, vectors, settings), before, valid)
    figures = measure("", data, test, vectors, chosen.weights, settings)
    return chosen.weights, figures | measure_others(data, test, vectors, settings)


def read_items(path: Path) -> list[Item]:
    """Title, brand and the beginning of the description.

    Raises: DataError: the file is not there, or not as it should be.
    """
    try:
        rows = msgspec.json.Decoder(dict[str, str | int | None]).decode_lines(path.read_bytes())
        return [
            Item(
                id=str(row["item_id"]),
                title=str(row["title"])[:1_000],
                category=str(row["brand"])[:500] if row.get("brand") else None,
                description=str(row.get("description") or "")[:DESCRIPTION_LETTERS] or None,
            )
            for row in rows
        ]
    except (OSError, KeyError, msgspec.DecodeError) as error:
        raise _unreadable(path, error) from error


def read_events(path: Path) -> list[BehaviourEvent]:
    """Purchases, in order of time.

    Raises: DataError: the file is not there, or not as it should be.
    """
    rows = _rows(path, ("user_id", "item_id", "timestamp"))
    events = (_purchase(row["user_id"], row["item_id"], row["timestamp"]) for row in rows)
    return sorted(events, key=moment_of)


def read_cases(path: Path) -> list[Case]:
    """The given histories, each with the item that followed.

    Raises: DataError: the file is not there, or not as it should be.
    """
    columns = ("user_id", "item_id", "history_item_ids", "history_timestamps")
    return [
        Case(
            [
                _purchase(row["user_id"], item_id, timestamp)
                for item_id, timestamp in zip(
                    row["history_item_ids"].split(), row["history_timestamps"].split(), strict=True
                )
            ],
            row["item_id"],
        )
        for row in _rows(path, columns)
    ]


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


def signals(
    data: ShopData, cases: Sequence[Case], vectors: TextVectors, settings: AmazonSettings
) -> Signals:
    """What speaks for each item in each case; counts are of the data's events alone."""
    places = {item_id: place for place, item_id in enumerate(data.by_id)}
    counts = np.zeros(len(places), dtype=np.float32)
    for event in data.events:
        if event.item_id in places:
            counts[places[event.item_id]] += 1.0
    histories = _histories(cases, places)
    cosines = text_matches(data, cases, vectors, settings.half_life_days)
    return Signals(
        text=cosines / (float(cosines.std()) or 1.0),
        together=histories @ bought_together(data, places, settings.window),
        bought=(histories > 0.0).astype(np.float32),
        popularity=np.log1p(counts),
    )


def text_matches(
    data: ShopData, cases: Sequence[Case], vectors: TextVectors, half_life_days: float
) -> Vectors:
    """Cosines of each case's user, folded as serving does, to all items; 0 without a history."""
    items = vectors.rows([item.text for item in data.by_id.values()])
    users = np.zeros((len(cases), items.shape[1]), dtype=np.float32)
    for row, case in zip(users, cases, strict=True):
        profile = None
        for event in case.history:
            item = data.item_of(event)
            vector = vectors.of(item.text) if item else None
            profile = updated(profile, event, item, vector, half_life_days)
        found = profile_vector(profile, items.shape[1])
        if found is not None:
            row[:] = found
    cosines: Vectors = users @ items.T
    return cosines


def bought_together(data: ShopData, places: dict[str, int], window: int) -> Vectors:
    """How often one item followed the other within a user's next few purchases, (items, items).

    counts / sqrt(count of the one * count of the other): a cosine, so that popular items are not
    together with everything. Source: Sarwar et al. 2001, "Item-based collaborative filtering".
    """
    bought: defaultdict[str, list[int]] = defaultdict(list)
    for event in data.events:
        if event.item_id in places:
            bought[event.user_id].append(places[event.item_id])
    pairs = np.zeros((len(places), len(places)), dtype=np.float32)
    totals = np.ones(len(places), dtype=np.float32)
    for items in bought.values():
        for number, item in enumerate(items):
            totals[item] += 1.0
            for after, other in enumerate(items[number + 1 : number + 1 + window]):
                pairs[item, other] += 1.0 / (1 + after)
    return (pairs / np.sqrt(np.outer(totals, totals))).astype(np.float32)


def choose_weights(found: Signals, data: ShopData, cases: Sequence[Case]) -> Chosen:
    """Those with which NDCG@10 is highest."""
    choices = itertools.product(TRIED_TOGETHER, TRIED_POPULARITY, TRIED_BOUGHT)
    tried = itertools.starmap(Weights, choices)
    return max(
        (Chosen(w, measured(found.fused(w), data, cases)["ndcg_at_10"]) for w in tried),
        key=lambda one: one.ndcg_at_10,
    )


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


def measured(scores: Vectors, data: ShopData, cases: Sequence[Case]) -> dict[str, float]:
    """HR and NDCG, every item ranked for every case."""
    places = {item_id: place for place, item_id in enumerate(data.by_id)}
    ranks = [
        rank_among(row, places[case.item_id]) if case.item_id in places else None
        for row, case in zip(scores, cases, strict=True)
    ]
    return list_metrics(ranks, DEPTHS)


def export_int8(model: TextModel, folder: Path, settings: AmazonSettings) -> Encoder:
    """The engine that serves, over the tuned model."""
    export_onnx(model, folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model.int8.onnx")
    manifest = Manifest(
        task="amazon_industrial",
        version="unregistered",
        fingerprint="",
        created_at=datetime.now(UTC),
        textwire_version="",
        base=model.name,
        method=settings.method,
        data={},
        settings={},
        dimension=model.dimension,
        max_tokens=settings.max_tokens,
        files=hash_files(folder),
    )
    return OnnxEncoder(Artifact(folder, manifest), "int8", threads=2)


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


def _histories(cases: Sequence[Case], places: dict[str, int]) -> Vectors:
    """Each case's items, (n, items): the newest weighs 1, each before it a fifth less."""
    weights = np.zeros((len(cases), len(places)), dtype=np.float32)
    for row, case in zip(weights, cases, strict=True):
        for age, event in enumerate(reversed(case.history)):
            if event.item_id in places:
                row[places[event.item_id]] += 0.8**age
    return weights


def _purchase(user_id: str, item_id: str, timestamp: str) -> BehaviourEvent:
    at = datetime.fromtimestamp(int(timestamp), UTC)
    return BehaviourEvent(user_id=user_id, kind="purchase", item_id=item_id, at=at)


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise _unreadable(path, error) from error
    missing = [column for column in columns if not rows or column not in rows[0]]
    if missing:
        raise _unreadable(path, KeyError(missing[0]))
    return rows


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read as part of amazon_industrial ({error!r}). Set --data or "
        "TEXTWIRE_DATA to the folder that holds amazon_industrial/items.jsonl, interactions.csv, "
        "valid.csv and test.csv."
    )
