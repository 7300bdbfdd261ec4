"""`pipelines sentiment-alerts ...` and `pipelines evaluate sentiment-alerts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.evaluation import EvaluationOptions, evaluation_options
from pipelines.options import FILE, RunOptions, run_as_asked, run_options
from pipelines.progress import Progress
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.own_data import OwnArticles
from pipelines.sentiment_alerts.pipeline import pipeline
from pipelines.training_spec import Source
from textwire.errors import SettingsError

PUBLIC = ("phrasebank", "sentfin")


@click.group()
def group() -> None:
    """Sentiment: the classifier of articles, of what they say of companies, and of topics."""


@group.command()
@run_options("Labelled articles", "title, body, label, topics, entities, split, copy_of")
@click.option("--watchlist", type=FILE, help="Companies with the names by which they are found.")
@click.pass_obj
def run(progress: Progress, /, watchlist: Path | None, **asked: Any) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Learns from the sample news unless --data is given. Skipped when it was done before.
    """
    options = RunOptions(**asked)
    run_as_asked(pipeline, _own(options, watchlist), options, progress)


@click.command()
@evaluation_options(
    "financial_phrasebank/ and sentfin/", Path("docs/results/sentiment_alerts.md"), PUBLIC
)
@click.pass_obj
def evaluate(progress: Progress, /, **asked: Any) -> None:
    """Sentences of financial_phrasebank, and entities of SEntFiN."""
    from pipelines.sentiment_alerts.public.evaluate import evaluate_sentiment

    evaluate_sentiment(EvaluationOptions(**asked), progress)


def _own(options: RunOptions, watchlist: Path | None) -> Source[NewsData] | None:
    if options.data:
        return OwnArticles(options.data, watchlist, options.mapping)
    if watchlist or options.mapping:
        raise SettingsError("--watchlist and --map say more about --data, which is not given.")
    return None
