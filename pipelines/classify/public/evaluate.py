"""`pipelines evaluate classify`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
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

SETS = ("banking77", "banking77-10", "reuters21578")
REPORT = Path("docs/results/classify.md")
# So few texts make few steps: with five epochs of them weights would hardly move.
EPOCHS: Mapping[str, int] = {"banking77-10": 20}


@click.command()
@evaluation_options("`reuters21578` and `banking77`", REPORT, SETS)
@click.option("--rows", type=click.IntRange(min=100), help="Learn from so many, drawn by lot.")
@click.option("--test-rows", type=click.IntRange(min=100), help="Test on so many, drawn by lot.")
@click.option(
    "--leave-out",
    multiple=True,
    type=click.Choice(SETS),
    help="A set that is not measured, which the page says; may be given several times.",
)
@click.pass_obj
def evaluate(
    progress: Progress,
    /,
    rows: int | None,
    test_rows: int | None,
    leave_out: tuple[str, ...],
    **asked: Any,
) -> None:
    """Own classes: accuracy on banking77, micro-F1 on Reuters-21578 (ModApte), at int8."""
    options = EvaluationOptions(**asked)
    usual = options.applied(ClassifySettings())
    wanted = [name for name in SETS if options.wants(name) and name not in leave_out]
    found = []
    for number, name in enumerate(wanted, start=1):
        source = PublicTexts(name, options.data, rows, test_rows)
        settings = usual if options.epochs else with_epochs_of(name, usual)
        with progress.part(name, number, len(wanted)):
            found.append(measure_set(source, settings, progress))
        progress.say(f"{name}: {found[-1].figures()}")
    if not options.only:
        command = shown_command(sys.argv[1:])
        write_report(options.report, command, usual, found, leave_out)


def with_epochs_of(name: str, usual: ClassifySettings) -> ClassifySettings:
    """The usual settings, with the epochs that a set needs."""
    return replace(usual, epochs=EPOCHS.get(name, usual.epochs))


def measure_set(source: PublicTexts, settings: ClassifySettings, progress: Progress) -> Measured:
    """Learn from a set's training part and tell its test part as it would serve.

    Raises: DataError: the set is not there.
    """
    from pipelines.classify.make import make_artifact
    from pipelines.classify.public.figures import figures_of
    from pipelines.classify.public.telling import tell_all
    from pipelines.classify.public.words import told_by_words
    from textwire.models.artifacts.artifact import Artifact

    data, test = source.read(), source.test()
    with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        started = time.process_time()
        manifest = make_artifact(pipeline.spec(source, settings), Path(folder), progress)
        seconds = time.process_time() - started
        artifact = Artifact(Path(folder), manifest)
        with progress.stage("Telling the test part"):
            served, fp32 = (tell_all(artifact, test, kind) for kind in ("int8", "fp32"))
    with progress.stage("The baseline of words"):
        words = figures_of(told_by_words(data, [text.text for text in test]), test)
    return Measured(
        name=source.name,
        learned=len(data.train),
        held_out=len(data.held_out),
        tested=len(test),
        classes=len({name for text in test for name in text.classes}),
        served=served,
        fp32=fp32,
        words=words,
        seconds=seconds,
        manifest=manifest,
        epochs=settings.epochs,
    )
