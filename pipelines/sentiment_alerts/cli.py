"""`pipelines sentiment-alerts ...` and `pipelines evaluate sentiment-alerts`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipelines.distillation.options import asked_distillation, distillation_options
from pipelines.measuring.evaluation import EvaluationOptions, evaluation_options
from pipelines.running.options import (
    FILE,
    RunOptions,
    learn_on_option,
    run_as_asked,
    run_options,
)
from pipelines.running.progress import Progress
from pipelines.running.training_spec import Source
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.own_data import OwnArticles
from pipelines.sentiment_alerts.pipeline import pipeline
from pipelines.sentiment_alerts.rows import ReadingArticles, read_label_names
from pipelines.sentiment_alerts.samples import SampleNews
from textwire.cli._groups import WholeSentences
from textwire.cli._options import data_dir_option
from textwire.errors import SettingsError
from textwire.models.artifacts.registry import open_registry
from textwire.samples import samples_dir
from textwire.settings import StackSettings, load

PUBLIC = ("champion", "phrasebank", "sentfin")
ADDED = ("sentfin",)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=WholeSentences)
def group() -> None:
    """Sentiment: the classifier of articles, of what they say of companies, and of topics."""


@group.command()
@run_options("Labelled articles", "title, body, label, topics, entities, split, copy_of")
@click.option("--watchlist", type=FILE, help="Companies with the names by which they are found.")
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="OURS=YOURS",
    help="What --data calls negative, neutral or positive, such as positive=bullish.",
)
@click.option(
    "--with",
    "added",
    type=click.Choice(ADDED),
    help="Learn from a public data set beside the samples; it is not part of them.",
)
@click.option(
    "--public",
    type=FOLDER,
    envvar="TEXTWIRE_DATA",
    help="Folder that holds sentfin/, for --with.  [env: TEXTWIRE_DATA]",
)
@learn_on_option
@distillation_options
@click.pass_obj
def run(
    progress: Progress,
    /,
    watchlist: Path | None,
    labels: tuple[str, ...],
    added: str | None,
    public: Path | None,
    **asked: Any,
) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Learns from the sample news and headlines unless --data is given. Skipped when it was done
    before.
    """
    options = RunOptions(distillation=asked_distillation(asked), **asked)
    source = _with_public(options, public) if added else _own(options, watchlist, labels)
    named = tuple(f"label:{label}" for label in labels)  # decides what is read as --map does
    run_as_asked(pipeline, source, replace(options, mapping=(*options.mapping, *named)), progress)


@group.command()
@click.option("--no-promote", is_flag=True, help="Register it, but do not serve it.")
@data_dir_option
@click.pass_obj
def events(progress: Progress, /, no_promote: bool) -> None:
    """Give the champion a head that tells events, learned from the samples; nothing else changes.

    `run` gives one to what it makes of the samples, too.
    """
    import tempfile

    from pipelines.sentiment_alerts.events.adding import add_events
    from pipelines.sentiment_alerts.events.corpus import files_of, read_corpus
    from textwire.models.artifacts.artifact import hash_file

    folder, registry = samples_dir() / "sentiment_alerts", open_registry()
    with progress.stage("Reading the data"):
        corpus = read_corpus(folder)
        data = {name: hash_file(file) for name, file in files_of(folder).items()}
    champion, work_dir = registry.champion(pipeline.task), load(StackSettings).data_dir
    with tempfile.TemporaryDirectory(prefix="events-", dir=work_dir) as made:
        manifest = add_events(champion, corpus, data, Path(made), progress)
        version = registry.register(Path(made), manifest)
    if not no_promote:
        registry.promote(pipeline.task, version)
    m = manifest.metrics
    progress.say(
        f"{pipeline.task} {version}: events, precision {m['event_precision']:.2f}, recall "
        f"{m['event_recall']:.2f} of {m['event_events']:.0f} held-out ones "
        f"(as news have them {m['event_crossed_news_precision']:.2f} and "
        f"{m['event_crossed_recall']:.2f})."
    )


@click.command()
@evaluation_options(
    "financial_phrasebank/, sentfin/, fiqa_posts/ and gold_headlines/",
    Path("docs/results/sentiment_alerts.md"),
    PUBLIC,
)
@click.pass_obj
def evaluate(progress: Progress, /, **asked: Any) -> None:
    """The model that serves, on data it never saw; and what is learned from two public sets."""
    from pipelines.sentiment_alerts.public.evaluate import evaluate_sentiment

    evaluate_sentiment(EvaluationOptions(**asked), progress)


def _with_public(options: RunOptions, public: Path | None) -> Source[NewsData]:
    if options.data:
        raise SettingsError("--with adds to the samples, and --data replaces them: give one.")
    if public is None:
        raise SettingsError(
            "--with sentfin needs the folder that holds sentfin/: give --public, or set "
            "TEXTWIRE_DATA."
        )
    samples, _ = pipeline.usual()
    assert isinstance(samples, SampleNews)  # noqa: S101 - the usual source is that
    return replace(samples, public=public)


def _own(
    options: RunOptions, watchlist: Path | None, labels: tuple[str, ...]
) -> Source[NewsData] | None:
    if options.data:
        reading = ReadingArticles(
            mapping=options.mapping,
            labels=read_label_names(labels),
            drop_repeats=options.drop_repeats,
        )
        return OwnArticles(options.data, watchlist, reading)
    if watchlist or labels or options.is_about_data:
        raise SettingsError(
            "--watchlist, --label, --map and --drop-repeats say more about --data, which is not "
            "given."
        )
    return None
