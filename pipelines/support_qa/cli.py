"""`pipelines support-qa ...` and `pipelines evaluate support-qa`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.options import FILE, RunOptions, run_as_asked, run_options
from pipelines.progress import Progress
from pipelines.recipe import Source
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.own_pairs import OwnPairs
from pipelines.support_qa.pipeline import pipeline
from textwire.errors import SettingsError


@click.group()
def group() -> None:
    """Support QA: the retriever that finds the passage for a question."""


@group.command()
@run_options("Pairs of question and passage", "question, passage, passage_id, split")
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@click.pass_obj
def run(progress: Progress, /, knowledge: Path | None, **asked: Any) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Learns from the samples unless --data is given. Skipped when it was done before.
    """
    options = RunOptions(**asked)
    run_as_asked(pipeline, _own(options, knowledge), options, progress)


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds banking77/.  [env: TEXTWIRE_DATA]",
)
@click.option("--report", type=FILE, default=Path("docs/results/support_qa.md"), show_default=True)
@click.option("--epochs", type=click.IntRange(min=1), default=3, show_default=True)
@click.pass_obj
def evaluate(progress: Progress, data: Path, report: Path, epochs: int) -> None:
    """Intents of banking77: fine-tune on its training part, judge on its test part."""
    from pipelines.support_qa.banking77 import Banking77Settings, evaluate_banking77

    evaluate_banking77(data / "banking77", report, Banking77Settings(epochs=epochs), progress)


def _own(options: RunOptions, knowledge: Path | None) -> Source[SupportData] | None:
    if options.data:
        return OwnPairs(options.data, knowledge, options.mapping)
    if knowledge or options.mapping:
        raise SettingsError("--knowledge and --map say more about --data, which is not given.")
    return None
