"""`python -m pipelines.recommendations.public.sequences`: the sequence model beside others.

On amazon_industrial, all items ranked for each case. What is chosen is chosen on valid cases, by
models of what was before these; then once, on the test cases, by models of what was before those.
The kinds that are fused are the vectors of an item's text and of its brand.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

SHAPES = ("1x10", "1x30", "1x60", "2x10", "2x30")
ALONE = "text alone"
WAYS = (ALONE, "concat", "mean", "attention")
# Of the sequence model's scores in those of both models; at 0 it has no say.
PARTS = tuple(round(0.1 * tenth, 1) for tenth in range(11))
BRAND = "brand"


@dataclass(frozen=True)
class Division:
    """What was known before a day, and the cases that followed."""

    log: ShopData
    known: Known
    cases: Sequence[Case]


@dataclass(frozen=True)
class Trial:
    """A sequence model's recipe."""

    way: str
    layers: int
    epochs: int

    @classmethod
    def of(cls, shape: str, way: str = ALONE) -> Trial:
        """Out of a shape such as `1x10`: layers and epochs."""
        layers, _, epochs = shape.partition("x")
        return cls(way, int(layers), int(epochs))

    def learned(
        self, log: ShopData, texts: TextVectors, usual: RecommendationSettings, progress: Progress
    ) -> Following:
        """The model that this recipe makes of a log."""
        alone = self.way == ALONE
        settings = replace(
            usual,
            sequence_layers=self.layers,
            sequence_epochs=self.epochs,
            fusion="mean" if alone else self.way,
        )
        shop = replace(log, vectors={}) if alone else log
        title = f"{self.way}, {self.layers} layers, {self.epochs} epochs"
        with progress.stage(title) as stage:
            model = fit_sequence_model(shop, shop.events, texts, settings, stage)
        assert model is not None  # noqa: S101 - users bought more than one thing
        return model


def with_brands(data: ShopData, encoder: Encoder) -> ShopData:
    """The same, with a vector of each item's brand beside its text."""
    named = {item.id: item.category for item in data.by_id.values() if item.category}
    brands = list(dict.fromkeys(named.values()))
    found = dict(zip(brands, encoder.encode(brands), strict=True))
    return replace(data, vectors={BRAND: {one: found[brand] for one, brand in named.items()}})


def scored(model: Following, division: Division) -> Vectors:
    """What follows from each case's history, (cases, items) float32, in sum 1 or 0."""
    known = division.known
    scores = np.zeros((len(division.cases), len(known.places)), dtype=np.float32)
    for row, case in zip(scores, division.cases, strict=True):
        taken = [str(event.item_id) for event in case.history if event.item_id in known.places]
        trail = list(dict.fromkeys(reversed(taken)))[:STEPS][::-1]
        for item_id, score in model.scores(trail, trail_weights(trail)).items():
            row[known.places[item_id]] += score
    shares: Vectors = scores / np.maximum(scores.sum(axis=1, keepdims=True), np.float32(1e-12))
    return shares


def figures(ranks: Sequence[int | None]) -> tuple[Floats, Floats]:
    """Hits and gains of the first ten, each (cases,) float64."""
    found = np.array([np.inf if rank is None else rank for rank in ranks])
    hits = (found <= DEPTH).astype(np.float64)
    return hits, hits / np.log2(1.0 + np.where(found <= DEPTH, found, 1.0))


def ranks_of(scores: Vectors, division: Division, *, anew: bool) -> list[int | None]:
    """Where what followed stands, of each case; None where it is not among the items.

    Popularity breaks ties. anew: whether what was bought is ranked again.
    """
    tied = scores + np.float32(1e-9) * division.known.popular
    return places_of(tied, division.known, division.cases, anew=anew)


def ndcg_of(scores: Vectors, division: Division) -> tuple[float, bool]:
    """The better NDCG@10 of both ways to deal with what was bought, and whether it is anew."""
    return max(
        (float(figures(ranks_of(scores, division, anew=anew))[1].mean()), anew)
        for anew in (False, True)
    )


def choose_part(sequence: Vectors, items: Vectors, division: Division) -> tuple[float, bool]:
    """The part of the sequence model's scores in those of both, by NDCG@10."""
    found = {part: ndcg_of(part * sequence + (1 - part) * items, division) for part in PARTS}
    best = max(PARTS, key=lambda part: found[part])
    return best, found[best][1]


def say_row(progress: Progress, name: str, ranks: Sequence[int | None], own: Floats) -> None:
    """HR@10 with its standard error, NDCG@10, and how far another's lies above it, by cases."""
    hits, gains = figures(ranks)
    apart = own - gains
    progress.say(
        f"| {name} | {hits.mean():.4f} ± {hits.std() / len(hits) ** 0.5:.4f} | "
        f"{gains.mean():.4f} | {apart.mean():+.4f} ± {apart.std() / len(apart) ** 0.5:.4f} | "
        f"{chance_of_gain(own, gains, 1e-6):.2f} |"
    )


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
@click.option(
    "--shape",
    "shapes",
    multiple=True,
    type=click.Choice(SHAPES),
    default=SHAPES,
    show_default=True,
    help="Layers and epochs to compare.",
)
@click.option(
    "--way",
    "ways",
    multiple=True,
    type=click.Choice(WAYS[1:]),
    default=WAYS[1:],
    show_default=True,
    help="Ways of fusion to compare with texts alone.",
)
@click.option(
    "--baselines/--no-baselines",
    default=True,
    show_default=True,
    help="Those of `pipelines evaluate recommendations`, whose page has them too.",
)
def main(
    data: Path,
    vectors: Path,
    seed: int,
    shapes: tuple[str, ...],
    ways: tuple[str, ...],
    baselines: bool,
) -> None:
    """Measure the sequence model beside the item model and others, and print tables."""
    progress = Progress(Console(width=200))
    folder, usual = data / FOLDER, RecommendationSettings(seed=seed)
    with tempfile.TemporaryDirectory() as work, progress.stage("Reading texts"):
        base = TextModel(find_base(PACKAGED), Path(work), usual.max_tokens)
        encoder = KeptVectors(base, vectors)
        logs = [
            with_brands(PurchaseLog(folder, until).read(), encoder)
            for until in (VALID_FROM, TEST_FROM)
        ]
        texts = TextVectors.encode(encoder, logs[-1].texts)
    rows = texts.rows([item.text for item in logs[-1].by_id.values()])
    drawn = sample_cases(read_cases(folder / "valid.csv"), CHOSEN_ON, seed)
    cases = (drawn, read_cases(folder / "test.csv"))
    valid, test = (
        Division(log, Known(log, rows), some) for log, some in zip(logs, cases, strict=True)
    )

    def tried(trial: Trial) -> tuple[float, bool]:
        started = time.process_time()
        model = trial.learned(valid.log, texts, usual, progress)
        seconds = time.process_time() - started
        found[trial] = scored(model, valid)
        value, anew = ndcg_of(found[trial], valid)
        progress.say(
            f"| {trial.way} | {trial.layers} | {trial.epochs} | {value:.4f}"
            f"{', bought things again' * anew} | {seconds:.0f} |"
        )
        return value, anew

    found: dict[Trial, Vectors] = {}
    tries = {trial: tried(trial) for trial in map(Trial.of, shapes)}
    shape = max(tries, key=lambda one: tries[one])
    tries |= {trial: tried(trial) for trial in (replace(shape, way=way) for way in ways)}
    best = max(tries, key=lambda one: tries[one])
    with progress.stage("The item model on valid cases"):
        items = scored(fit_item_model(valid.log, valid.log.events, texts), valid)
    value, items_anew = ndcg_of(items, valid)
    part, both_anew = choose_part(found[best], items, valid)
    progress.say(f"| item model | | | {value:.4f}{', bought things again' * items_anew} | |")
    progress.say(f"Chosen: {best}; of both models' scores {part:.0%} are the sequence model's.")

    own = scored(best.learned(test.log, texts, usual, progress), test)
    with progress.stage("The item model on test cases"):
        items = scored(fit_item_model(test.log, test.log.events, texts), test)
    ranks = {
        "sequence": ranks_of(own, test, anew=tries[best][1]),
        "item model": ranks_of(items, test, anew=items_anew),
        f"both, {part:.0%} sequence": ranks_of(
            part * own + (1 - part) * items, test, anew=both_anew
        ),
    }
    if baselines:
        options = choose_options(valid.known, valid.cases)
        ranks |= {
            one.name: ranks_by(one, test.known, test.cases, options[one.name]) for one in BASELINES
        }
    for name, of_cases in ranks.items():
        say_row(progress, name, of_cases, figures(ranks["sequence"])[1])


if __name__ == "__main__":
    main()
