"""`pipelines recommendations ...` and `pipelines evaluate recommendations`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click
from click.core import ParameterSource

from pipelines.measuring.evaluation import EvaluationOptions, evaluation_options
from pipelines.recommendations.item_vectors import named_files
from pipelines.recommendations.own_data import OwnShop
from pipelines.recommendations.pipeline import pipeline
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.options import FILE, FORMS, RunOptions, run_as_asked, run_options
from pipelines.running.progress import Progress
from textwire.cli._groups import WholeSentences
from textwire.errors import SettingsError
from textwire.recommendations.messages import EventKind


@click.group(cls=WholeSentences)
def group() -> None:
    """Recommendations: the encoder that finds items, and the ranker that orders them."""


@group.command()
@run_options("What users did", "user_id, kind, item_id, text, value, at, id")
@click.option("--items", type=FILE, help=f"What can be recommended: {FORMS}; with --data.")
@click.option(
    "--map-items",
    "items_mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column of --items holds a field. "
    "Fields: id, title, description, tags, category, price, published_at, available.",
)
@click.option(
    "--kind",
    type=click.Choice(get_args(EventKind)),
    help="What every row of --data is, where it has no column that says so.",
)
@click.option("--skip-bad", is_flag=True, help="Learn from the good rows, and name the bad ones.")
@click.option(
    "--vectors",
    "vectors",
    multiple=True,
    metavar="KIND=FILE.npz",
    help="Other vectors of items, such as picture=pictures.npz with `ids` and `vectors`, which a "
    "sequence model fuses with texts and prices; with --set sequence_layers=1.",
)
@click.pass_obj
def run(
    progress: Progress,
    /,
    items: Path | None,
    items_mapping: tuple[str, ...],
    kind: EventKind | None,
    vectors: tuple[str, ...],
    skip_bad: bool,
    **asked: Any,
) -> None:
    """Fine-tune, export, quantise, check, train the ranker, calibrate, register and promote.

    Learns from the sample shop unless --data and --items are given. Skipped when it was done
    before.
    """
    options = RunOptions(**asked)
    own = _own(options, items, items_mapping, kind, named_files(vectors), skip_bad=skip_bad)
    # All of these decide what is read, so all are part of the fingerprint.
    named = (
        *(f"items:{option}" for option in items_mapping),
        *([f"kind:{kind}"] if kind else []),
        *(f"vectors:{option}" for option in vectors),
        *(["skip-bad"] if skip_bad else []),
    )
    run_as_asked(pipeline, own, replace(options, mapping=(*options.mapping, *named)), progress)


@click.command()
@evaluation_options(
    "amazon_industrial/, movielens_latest_small/ and tallrec_book/",
    Path("docs/results/recommendations.md"),
    ["amazon_industrial", "movielens_latest_small", "tallrec_book"],
)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    help="Judge so many of the test cases, drawn at random and the same each time.  [default: all]",
)
@click.option(
    "--vectors",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".textwire/vectors"),
    show_default=True,
    help="Folder in which vectors are kept by content, for the next time.",
)
@click.pass_context
def evaluate(context: click.Context, /, cases: int | None, vectors: Path, **asked: Any) -> None:
    """What serves, on public data, beside baselines: purchases, films, and books from a few words.

    Amazon's industrial purchases: learn on the past, judge the lists of what followed. MovieLens:
    the same from the prior alone. TALLRec's books: from 64 and 256 examples. `--only
    amazon_industrial` writes a page of that set alone where --report names a file for it.
    """
    progress: Progress = context.obj
    from pipelines.recommendations.public.everything import evaluate_all

    options = EvaluationOptions(**asked)
    settings = options.applied(RecommendationSettings())
    told_where = context.get_parameter_source("report") is ParameterSource.COMMANDLINE
    evaluate_all(options, settings, progress, vectors, cases, page_of_one=told_where)


def _own(
    options: RunOptions,
    items: Path | None,
    mapping: tuple[str, ...],
    kind: EventKind | None,
    vectors: dict[str, Path],
    *,
    skip_bad: bool,
) -> OwnShop | None:
    if options.drop_repeats:
        raise SettingsError(
            "--drop-repeats is of no use here: events are divided by time, and who does a thing "
            "twice did it twice. Leave it out."
        )
    if options.data and items:
        return OwnShop(options.data, items, options.mapping, mapping, kind, vectors, skip_bad)
    if options.data or items or kind or mapping or vectors or skip_bad or options.is_about_data:
        raise SettingsError(
            "--data (what users did) and --items (what can be recommended) go together, and "
            "--map, --map-items, --kind, --vectors and --skip-bad say more about them: give both "
            "files, or none for the samples."
        )
    return None
