"""`pipelines recommendations ...` and `pipelines evaluate recommendations`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipelines.evaluation import EvaluationOptions, evaluation_options
from pipelines.options import FILE, RunOptions, run_as_asked, run_options
from pipelines.progress import Progress
from pipelines.recommendations.own_data import OwnShop
from pipelines.recommendations.pipeline import pipeline
from pipelines.recommendations.settings import RecommendationSettings
from textwire.errors import SettingsError


@click.group()
def group() -> None:
    """Recommendations: the encoder that finds items, and the ranker that orders them."""


@group.command()
@run_options("What users did", "user_id, kind, item_id, text, value, at, id")
@click.option("--items", type=FILE, help="What can be recommended: .csv or .jsonl; with --data.")
@click.option(
    "--map-items",
    "items_mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column of --items holds a field. "
    "Fields: id, title, description, tags, category, price, published_at, available.",
)
@click.pass_obj
def run(
    progress: Progress, /, items: Path | None, items_mapping: tuple[str, ...], **asked: Any
) -> None:
    """Fine-tune, export, quantise, check, train the ranker, calibrate, register and promote.

    Learns from the sample shop unless --data and --items are given. Skipped when it was done
    before.
    """
    options = RunOptions(**asked)
    own = _own(options, items, items_mapping)
    # Both mappings decide what is read, so both are part of the fingerprint.
    named = tuple(f"items:{option}" for option in items_mapping)
    run_as_asked(pipeline, own, replace(options, mapping=(*options.mapping, *named)), progress)


@click.command()
@evaluation_options(
    "amazon_industrial/", Path("docs/results/recommendations.md"), ["amazon_industrial"]
)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    help="Judge so many of the test cases, drawn at random and the same each time.  [default: all]",
)
@click.pass_obj
def evaluate(progress: Progress, /, cases: int | None, **asked: Any) -> None:
    """The next purchase in amazon_industrial: learn on the past, judge the lists that serve."""
    from pipelines.recommendations.public.evaluate import evaluate_amazon

    options = EvaluationOptions(**asked)
    report = None if options.only else options.report
    settings = options.applied(RecommendationSettings())
    evaluate_amazon(options.data / "amazon_industrial", report, settings, progress, cases)


def _own(options: RunOptions, items: Path | None, mapping: tuple[str, ...]) -> OwnShop | None:
    if options.data and items:
        return OwnShop(options.data, items, options.mapping, mapping)
    if options.data or items or options.mapping or mapping:
        raise SettingsError(
            "--data (what users did) and --items (what can be recommended) go together, and "
            "--map and --map-items say more about them: give both files, or none for the samples."
        )
    return None
