"""`python -m pipelines.recommendations.public.sequences`: the sequence model beside others.

On amazon_industrial, all items ranked for each case. What is chosen is chosen on valid cases, by
models of what was before these; then once, on the test cases, by models of what was before those.
The kinds that are fused are the vectors of an item's text and of its brand.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console

from pipelines.measuring.bootstrap import Floats, chance_of_gain
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.item_model import fit_item_model
from pipelines.recommendations.public.baselines import BASELINES, Known, choose_options, ranks_by
from pipelines.recommendations.public.cases import (
    TEST_FROM,
    VALID_FROM,
    PurchaseLog,
    read_cases,
    sample_cases,
)
from pipelines.recommendations.public.evaluate import CHOSEN_ON, FOLDER
from pipelines.recommendations.public.kept_vectors import KeptVectors
from pipelines.recommendations.public.sequence_trials import (
    ALONE,
    Division,
    Trial,
    choose_part,
    figures,
    ndcg_of,
    ranks_of,
    scored,
)
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from textwire.models.base_model import PACKAGED, find_base
from textwire.models.engines.encoder import Encoder, Vectors

SHAPES = ("1x10", "1x30", "1x60", "2x10", "2x30")
WAYS = (ALONE, "concat", "mean", "attention")
BRAND = "brand"
Ranks = Sequence[int | None]


class Comparison(NamedTuple):
    """All that is read, and how models learn of it.

    texts  vectors of all items' texts.
    """

    valid: Division
    test: Division
    texts: TextVectors
    usual: RecommendationSettings
    progress: Progress


class Chosen(NamedTuple):
    """What is chosen on valid cases, each with whether what was bought is ranked again by it.

    part  of the sequence model's scores in those of both.
    """

    trial: Trial
    trial_anew: bool
    items_anew: bool
    part: float
    both_anew: bool


def with_brands(data: ShopData, encoder: Encoder) -> ShopData:
    """The same, with a vector of each item's brand beside its text."""
    named = {item.id: item.category for item in data.by_id.values() if item.category}
    brands = list(dict.fromkeys(named.values()))
    found = dict(zip(brands, encoder.encode(brands), strict=True))
    return replace(data, vectors={BRAND: {one: found[brand] for one, brand in named.items()}})


def read_divisions(folder: Path, kept: Path, seed: int, progress: Progress) -> Comparison:
    """Both logs with their cases; of the valid ones as many as are chosen on.

    Args:   kept: where vectors are kept.
    Raises: DataError: the files are not there, or not as they should be.
    """
    usual = RecommendationSettings(seed=seed)
    with tempfile.TemporaryDirectory() as work, progress.stage("Reading texts"):
        base = TextModel(find_base(PACKAGED), Path(work), usual.max_tokens)
        encoder = KeptVectors(base, kept)
        early, late = (
            with_brands(PurchaseLog(folder, until).read(), encoder)
            for until in (VALID_FROM, TEST_FROM)
        )
        texts = TextVectors.encode(encoder, late.texts)
    rows = texts.rows([item.text for item in late.by_id.values()])
    drawn = sample_cases(read_cases(folder / "valid.csv"), CHOSEN_ON, seed)
    valid = Division(early, Known(early, rows), drawn)
    test = Division(late, Known(late, rows), read_cases(folder / "test.csv"))
    return Comparison(valid, test, texts, usual, progress)


def choose(compared: Comparison, shapes: Iterable[str], ways: Iterable[str]) -> Chosen:
    """The best shape, then the best way of fusion for it, then its part beside the item model."""
    found: dict[Trial, Vectors] = {}
    shaped = {trial: try_out(compared, trial, found) for trial in map(Trial.of, shapes)}
    shape = max(shaped, key=lambda one: shaped[one])
    fused = (replace(shape, way=way) for way in ways)
    tries = shaped | {trial: try_out(compared, trial, found) for trial in fused}
    best = max(tries, key=lambda one: tries[one])
    items = scored_by_items(compared, compared.valid, "valid")
    value, items_anew = ndcg_of(items, compared.valid)
    part, both_anew = choose_part(found[best], items, compared.valid)
    compared.progress.say(f"| item model | | | {value:.4f}{_again(items_anew)} | |")
    compared.progress.say(
        f"Chosen: {best}; of both models' scores {part:.0%} are the sequence model's."
    )
    return Chosen(best, tries[best][1], items_anew, part, both_anew)


def try_out(compared: Comparison, trial: Trial, found: dict[Trial, Vectors]) -> tuple[float, bool]:
    """NDCG@10 on valid cases, and whether what was bought is ranked again; scores go to `found`."""
    valid = compared.valid
    started = time.process_time()
    model = trial.learned(valid.log, compared.texts, compared.usual, compared.progress)
    seconds = time.process_time() - started
    found[trial] = scored(model, valid)
    value, anew = ndcg_of(found[trial], valid)
    compared.progress.say(
        f"| {trial.way} | {trial.layers} | {trial.epochs} | {value:.4f}{_again(anew)} "
        f"| {seconds:.0f} |"
    )
    return value, anew


def ranks_on_test(compared: Comparison, chosen: Chosen) -> dict[str, Ranks]:
    """Where what followed stands in each test case, by the names of what ranked."""
    test, part = compared.test, chosen.part
    model = chosen.trial.learned(test.log, compared.texts, compared.usual, compared.progress)
    own = scored(model, test)
    items = scored_by_items(compared, test, "test")
    both = part * own + (1 - part) * items
    return {
        "sequence": ranks_of(own, test, anew=chosen.trial_anew),
        "item model": ranks_of(items, test, anew=chosen.items_anew),
        f"both, {part:.0%} sequence": ranks_of(both, test, anew=chosen.both_anew),
    }


def scored_by_items(compared: Comparison, division: Division, name: str) -> Vectors:
    """The item model's scores of a division's cases, (cases, items) float32."""
    with compared.progress.stage(f"The item model on {name} cases"):
        log = division.log
        return scored(fit_item_model(log, log.events, compared.texts), division)


def ranks_of_baselines(valid: Division, test: Division) -> dict[str, Ranks]:
    """The same of each baseline, with what is chosen for it on valid cases."""
    options = choose_options(valid.known, valid.cases)
    return {one.name: ranks_by(one, test.known, test.cases, options[one.name]) for one in BASELINES}


def say_row(progress: Progress, name: str, ranks: Ranks, own: Floats) -> None:
    """HR@10 with its standard error, NDCG@10, and how far another's lies above it, by cases."""
    hits, gains = figures(ranks)
    apart = own - gains
    progress.say(
        f"| {name} | {hits.mean():.4f} ± {hits.std() / len(hits) ** 0.5:.4f} | "
        f"{gains.mean():.4f} | {apart.mean():+.4f} ± {apart.std() / len(apart) ** 0.5:.4f} | "
        f"{chance_of_gain(own, gains, 1e-6):.2f} |"
    )


def _again(anew: bool) -> str:
    return ", bought things again" * anew


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
    compared = read_divisions(data / FOLDER, vectors, seed, progress)
    chosen = choose(compared, shapes, ways)
    ranks = ranks_on_test(compared, chosen)
    if baselines:
        ranks |= ranks_of_baselines(compared.valid, compared.test)
    own = figures(ranks["sequence"])[1]
    for name, of_cases in ranks.items():
        say_row(progress, name, of_cases, own)


if __name__ == "__main__":
    main()
