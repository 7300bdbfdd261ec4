"""`pipelines evaluate classify`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from pipelines.classify.pipeline import pipeline
from pipelines.classify.public.report import Measured, write_report
from pipelines.classify.public.texts import PublicTexts
from pipelines.classify.settings import ClassifySettings
from pipelines.comparing.compare import shown_command
from pipelines.measuring.evaluation import EvaluationOptions, evaluation_options
from pipelines.running.progress import Progress

SETS = ("reuters21578", "banking77")
REPORT = Path("docs/results/classify.md")


@click.command()
@evaluation_options("`reuters21578` and `banking77`", REPORT, SETS)
@click.option("--rows", type=click.IntRange(min=100), help="Learn from so many, drawn by lot.")
@click.option("--test-rows", type=click.IntRange(min=100), help="Test on so many, drawn by lot.")
@click.pass_obj
def evaluate(progress: Progress, /, rows: int | None, test_rows: int | None, **asked: Any) -> None:
    """Own classes: micro-F1 on Reuters-21578 (ModApte), accuracy on banking77, at int8."""
    options = EvaluationOptions(**asked)
    settings = options.applied(ClassifySettings())
    found, wanted = [], [name for name in SETS if options.wants(name)]
    for number, name in enumerate(wanted, start=1):
        source = PublicTexts(name, options.data, rows, test_rows)
        with progress.part(name, number, len(wanted)):
            found.append(measure_set(source, settings, progress))
        progress.say(f"{name}: {found[-1].figures()}")
    if not options.only:
        write_report(options.report, shown_command(sys.argv[1:]), settings, found)


def measure_set(source: PublicTexts, settings: ClassifySettings, progress: Progress) -> Measured:
    """Learn from a set's training part and tell its test part as it would serve.

    Raises: DataError: the set is not there.
    """
    from pipelines.classify.make import make_artifact
    from pipelines.classify.public.judging import judge_test_part
    from textwire.models.artifacts.artifact import Artifact

    with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        manifest = make_artifact(pipeline.spec(source, settings), Path(folder), progress)
        with progress.stage("Telling the test part"):
            return judge_test_part(Artifact(Path(folder), manifest), source)
