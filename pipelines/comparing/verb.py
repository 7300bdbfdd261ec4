"""The command `pipelines compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipelines.applications import chosen_pipelines
from pipelines.bases.packaged import unpacked_base
from pipelines.comparing.compare import Budget, compare_methods, rows_in_words, shown_command
from pipelines.comparing.report import Conditions, write_report
from pipelines.pipeline import Pipeline
from pipelines.running.options import FILE, FORMS, base_option
from pipelines.running.progress import Progress
from pipelines.running.training_spec import with_wishes
from pipelines.tuning.methods import METHODS, Method
from textwire.cli._options import data_dir_option
from textwire.errors import SettingsError
from textwire.settings import StackSettings, load


@click.command()
@click.argument("name")
@click.option(
    "--methods", help=f"Some of {', '.join(METHODS)}, parted by commas; all if not given."
)
@click.option("--data", type=FILE, help=f"Your own rows instead of the samples: {FORMS}.")
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="As in `run`.")
@click.option("--drop-repeats", is_flag=True, help="As in `run`.")
@click.option("--rows", type=click.IntRange(min=10), help="Learn from so many, drawn by lot.")
@click.option("--held-out", type=click.IntRange(min=10), help="Judge on so many, drawn by lot.")
@click.option("--epochs", type=click.IntRange(min=1), help="Other than the usual ones.")
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Trials of each method, each with another seed; the table has their mean.",
)
@click.option("--minutes", type=click.FloatRange(min=0.1), help="Stop a method after so long.")
@click.option(
    "--at-once",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Trials side by side, on a machine that has room; the page says so.",
)
@base_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/results"),
    show_default=True,
    help="Folder for the page and its plots.",
)
@data_dir_option
@click.pass_obj
def compare(
    progress: Progress,
    /,
    name: str,
    methods: str | None,
    data: Path | None,
    mapping: tuple[str, ...],
    drop_repeats: bool,
    rows: int | None,
    held_out: int | None,
    epochs: int | None,
    seeds: int,
    minutes: float | None,
    at_once: int,
    base: str | None,
    out: Path,
) -> None:
    """Try every method on the same data and budget; write one table and plots.

    NAME is an application's, such as sentiment-alerts.
    """
    [pipeline] = chosen_pipelines([name], every=False)
    base = unpacked_base(base, load(StackSettings).data_dir)
    samples, usual = pipeline.usual()
    source = _own(pipeline, data, mapping, drop_repeats=drop_repeats) if data else samples
    budget = Budget(epochs, rows, held_out, seeds, minutes, at_once)
    chosen = chosen_methods(methods)
    summaries = compare_methods(pipeline, source, chosen, budget, progress, base)
    settings = with_wishes(usual, base, epochs, None)
    conditions = Conditions(
        command=shown_command(sys.argv[1:]),
        task=pipeline.task,
        base=Path(settings.base).name,
        rows=rows_in_words(source, budget),
        epochs=settings.epochs,
        seeds=tuple(range(seeds)),
        at_once=at_once,
    )
    page = write_report(out, conditions, summaries)
    progress.say(f"{page} has the table.")


def chosen_methods(named: str | None) -> tuple[Method, ...]:
    """Those that were named, or every one.

    Raises: SettingsError: there is no such method.
    """
    if named is None:
        return METHODS
    names = [name.strip() for name in named.split(",") if name.strip()]
    unknown = [name for name in names if name not in METHODS]
    if unknown or not names:
        raise SettingsError(
            f"--methods {named}: there is no {', '.join(unknown) or 'method in it'}. Methods are "
            f"{', '.join(METHODS)}."
        )
    return tuple(method for method in METHODS if method in names)


def _own(
    pipeline: Pipeline[Any, Any], data: Path, mapping: tuple[str, ...], *, drop_repeats: bool
) -> Any:
    if pipeline.own_rows is None:
        raise SettingsError(f"{pipeline.task} learns from more than one file: compare on samples.")
    return pipeline.own_rows(data, mapping, drop_repeats)
