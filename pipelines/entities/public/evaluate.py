"""`pipelines evaluate entities`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from pipelines.comparing.compare import shown_command
from pipelines.entities.pipeline import pipeline
from pipelines.entities.public.report import Measured, write_report
from pipelines.entities.public.sentfin import SentfinSpans
from pipelines.entities.settings import EntitySettings
from pipelines.measuring.evaluation import EvaluationOptions, evaluation_options
from pipelines.running.progress import Progress

REPORT = Path("docs/results/entities.md")


@click.command()
@evaluation_options("`sentfin`", REPORT, ["sentfin"])
@click.option("--rows", type=click.IntRange(min=100), help="Learn from so many.")
@click.option("--test-rows", type=click.IntRange(min=100), help="Test on so many.")
@click.pass_obj
def evaluate(progress: Progress, /, rows: int | None, test_rows: int | None, **asked: Any) -> None:
    """Entities: exact spans in SEntFiN's headlines, at int8."""
    options = EvaluationOptions(**asked)
    settings = options.applied(EntitySettings())
    found = measure_sentfin(SentfinSpans(options.data, rows, test_rows), settings, progress)
    progress.say(f"sentfin: {found.figures()}")
    if not options.only:
        write_report(options.report, shown_command(sys.argv[1:]), settings, found)


def measure_sentfin(source: SentfinSpans, settings: EntitySettings, progress: Progress) -> Measured:
    """Learn from the training part and find the entities of the test part as it would serve.

    Raises: DataError: the set is not there.
    """
    from pipelines.entities.make import make_artifact
    from pipelines.entities.metrics import f1_of_texts, measure_spans
    from pipelines.measuring.bootstrap import mean_interval
    from textwire.models.artifacts.artifact import Artifact
    from textwire.models.engines.entity_recogniser import EntityRecogniser
    from textwire.models.engines.entity_spans import Span

    with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        manifest = make_artifact(pipeline.spec(source, settings), Path(folder), progress)
        recogniser = EntityRecogniser(Artifact(Path(folder), manifest), threads=2)
        texts, learned = source.test(), source.read().train
        with progress.stage("Reading the test part"):
            found = recogniser.find_entities([text.text for text in texts])
    told = [[Span(e.start, e.end, e.kind) for e in one] for one in found]
    right = [text.spans for text in texts]
    known = {text.text[s.start : s.end] for text in learned for s in text.spans}
    new = [
        tuple(s for s in text.spans if text.text[s.start : s.end] not in known) for text in texts
    ]
    hits = sum(len(set(one) & set(spans)) for one, spans in zip(told, new, strict=True))
    return Measured(
        learned=len(learned),
        tested=len(texts),
        entities=sum(map(len, right)),
        figures_by_name=measure_spans(told, right),
        of_texts=str(mean_interval(f1_of_texts(told, right))),
        new=sum(map(len, new)),
        new_recall=hits / max(1, sum(map(len, new))),
    )
