"""`python -m pipelines.recommendations.public.sequences`: the sequence model beside others.

On amazon_industrial, all items ranked for each case. What is chosen is chosen on valid cases, by
models of what was before these; then once, on the test cases, by models of what was before those.
The kinds that are fused are the vectors of an item's text and of its brand.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from rich.console import Console

from pipelines.measuring.bootstrap import Floats, chance_of_gain
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.item_model import fit_item_model
from pipelines.recommendations.public.baselines import BASELINES, Known, choose_options, ranks_by
from pipelines.recommendations.public.baselines import ranks as places_of
from pipelines.recommendations.public.cases import (
    TEST_FROM,
    VALID_FROM,
    Case,
    PurchaseLog,
    read_cases,
    sample_cases,
)
from pipelines.recommendations.public.evaluate import CHOSEN_ON, FOLDER
from pipelines.recommendations.public.kept_vectors import KeptVectors
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.sequence.gate import DEPTH
from pipelines.recommendations.sequence.learn import fit_sequence_model
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from textwire.models.base_model import PACKAGED, find_base
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.recommendations.profiles.trail import STEPS, trail_weights
from textwire.recommendations.ranking.following import Following

LAYERS, EPOCHS = (1, 2), (10, 30)
WAYS = ("text alone", "concat", "mean", "attention")
BRAND = "brand"


def with_brands(data: ShopData, encoder: Encoder) -> ShopData:
    """The same, with a vector of each item's brand beside its text."""
    named = {item.id: item.category for item in data.by_id.values() if item.category}
    brands = list(dict.fromkeys(named.values()))
    found = dict(zip(brands, encoder.encode(brands), strict=True))
    return replace(data, vectors={BRAND: {one: found[brand] for one, brand in named.items()}})


def scored(model: Following, known: Known, cases: Sequence[Case]) -> Vectors:
    """What follows from each case's history, (cases, items) float32; popularity breaks ties."""
    scores = np.tile(np.float32(1e-9) * known.popular, (len(cases), 1))
    for row, case in zip(scores, cases, strict=True):
        taken = [str(event.item_id) for event in case.history if event.item_id in known.places]
        trail = list(dict.fromkeys(reversed(taken)))[:STEPS][::-1]
        for item_id, score in model.scores(trail, trail_weights(trail)).items():
            row[known.places[item_id]] += score
    return scores


def figures(ranks: Sequence[int | None]) -> tuple[Floats, Floats]:
    """Hits and gains of the first ten, each (cases,) float64."""
    found = np.array([np.inf if rank is None else rank for rank in ranks])
    hits = (found <= DEPTH).astype(np.float64)
    return hits, hits / np.log2(1.0 + np.where(found <= DEPTH, found, 1.0))


def best_ranks(
    model: Following, known: Known, cases: Sequence[Case], anew: bool
) -> list[int | None]:
    """Where what followed stands, of each case; None where it is not among the items."""
    return places_of(scored(model, known, cases), known, cases, anew=anew)


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds amazon_industrial/.  [env: TEXTWIRE_DATA]",
)
@click.option("--vectors", type=click.Path(path_type=Path), default=Path(".textwire/vectors"))
@click.option("--seed", default=0, show_default=True)
def main(data: Path, vectors: Path, seed: int) -> None:
    """Measure the sequence model beside the item model and others, and print tables."""
    progress = Progress(Console(width=200))
    folder = data / FOLDER
    usual = RecommendationSettings(seed=seed)
    with tempfile.TemporaryDirectory() as work, progress.stage("Reading texts"):
        base = TextModel(find_base(PACKAGED), Path(work), usual.max_tokens)
        encoder = KeptVectors(base, vectors)
        early, late = (
            with_brands(PurchaseLog(folder, until).read(), encoder)
            for until in (VALID_FROM, TEST_FROM)
        )
        texts = TextVectors.encode(encoder, late.texts)
    rows = texts.rows([item.text for item in late.by_id.values()])
    before, known = Known(early, rows), Known(late, rows)
    valid = sample_cases(read_cases(folder / "valid.csv"), CHOSEN_ON, seed)
    test = read_cases(folder / "test.csv")

    def learned(log: ShopData, way: str, layers: int, epochs: int) -> tuple[Following, float]:
        alone = way == "text alone"
        settings = replace(
            usual,
            sequence_layers=layers,
            sequence_epochs=epochs,
            fusion="mean" if alone else way,
        )
        shop = replace(log, vectors={}) if alone else log
        started = time.process_time()
        with progress.stage(f"{way}, {layers} layers, {epochs} epochs") as stage:
            model = fit_sequence_model(shop, shop.events, texts, settings, stage)
        assert model is not None  # noqa: S101 - users bought more than one thing
        return model, time.process_time() - started

    def tried(way: str, layers: int, epochs: int) -> tuple[float, bool]:
        model, seconds = learned(early, way, layers, epochs)
        gains = [
            float(figures(best_ranks(model, before, valid, anew=anew))[1].mean())
            for anew in (False, True)
        ]
        progress.say(
            f"| {way} | {layers} | {epochs} | {gains[0]:.4f} | {gains[1]:.4f} | {seconds:.0f} |"
        )
        return max(gains), gains[1] > gains[0]

    shapes = {(n, e): tried(WAYS[0], n, e) for n in LAYERS for e in EPOCHS}
    layers, epochs = max(shapes, key=lambda shape: shapes[shape])
    ways = {WAYS[0]: max(shapes.values())} | {way: tried(way, layers, epochs) for way in WAYS[1:]}
    way = max(ways, key=lambda one: ways[one])
    model, _ = learned(late, way, layers, epochs)
    items = fit_item_model(late, late.events, texts)
    options = choose_options(before, valid)
    sequence = best_ranks(model, known, test, anew=ways[way][1])
    found = {"sequence": sequence}
    found |= {
        f"item model{', bought things again' * anew}": best_ranks(items, known, test, anew=anew)
        for anew in (False, True)
    }
    found |= {one.name: ranks_by(one, known, test, options[one.name]) for one in BASELINES}
    own = figures(sequence)[1]
    for name, ranks in found.items():
        hits, gains = figures(ranks)
        apart = own - gains
        progress.say(
            f"| {name} | {hits.mean():.4f} ± {hits.std() / len(hits) ** 0.5:.4f} | "
            f"{gains.mean():.4f} | {apart.mean():+.4f} ± {apart.std() / len(apart) ** 0.5:.4f} | "
            f"{chance_of_gain(own, gains, 1e-6):.2f} |"
        )


if __name__ == "__main__":
    main()
