"""`pipelines support-qa ...` and `pipelines evaluate support-qa`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipelines.distillation.options import asked_distillation, distillation_options
from pipelines.distillation.settings import SIMILARITY_TEMPERATURE
from pipelines.measuring.evaluation import EvaluationOptions, evaluation_options
from pipelines.running.options import (
    FILE,
    RunOptions,
    calibrating_options,
    run_as_asked,
    run_options,
)
from pipelines.running.progress import Progress
from pipelines.running.training_spec import Source
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.own_data import OwnPairs
from pipelines.support_qa.pipeline import pipeline as trained
from textwire.cli._groups import WholeSentences
from textwire.errors import SettingsError
from textwire.results.store import ResultStore
from textwire.support_qa.feedback_results import read_judged

PUBLIC = ("banking77", "stackfaq")
FIELDS = "question, passage, passage_id, split"


def count_feedback(store: ResultStore, since: datetime) -> int:
    """Judgements of answers and replies of colleagues since then."""
    return sum(one.at > since for one in read_judged(store))


def with_feedback(source: Source[SupportData], folder: Path) -> Source[SupportData]:
    """The source, and what people thought of answers; its files are written into the folder."""
    from pipelines.support_qa.feedback import WithFeedback, learnable
    from pipelines.support_qa.refining import read_feedback, write_files

    judged, known = read_feedback()
    together = WithFeedback(source, folder)
    write_files(learnable(judged, known), known, together)
    return together


# Here, since what stands beside the pipeline decides what it makes, and feedback is read of others.
pipeline = replace(trained, count_feedback=count_feedback, with_feedback=with_feedback)


@click.group(cls=WholeSentences)
def group() -> None:
    """Support QA: the retriever that finds the passage for a question."""


@group.command()
@run_options("Pairs of question and passage", FIELDS)
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@distillation_options
@click.pass_obj
def run(progress: Progress, /, knowledge: Path | None, **asked: Any) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Learns from the samples unless --data is given. Skipped when it was done before.
    """
    options = RunOptions(distillation=asked_distillation(asked, SIMILARITY_TEMPERATURE), **asked)
    run_as_asked(pipeline, _own(options, knowledge), options, progress)


@group.command()
@run_options("Pairs of question and passage", FIELDS)
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@click.pass_obj
def refine(progress: Progress, /, knowledge: Path | None, **asked: Any) -> None:
    """Learn from thumbs, corrections and colleagues' replies as well; the gate lets it serve.

    They are read from Redis, and the passages that they name from support.knowledge. They add to
    the samples, or to --data. What the champion found and the new model does not is listed.
    """
    from pipelines.support_qa.refining import refine as refine_with

    options = RunOptions(**asked)
    refine_with(pipeline, _own(options, knowledge), options, progress)


@group.command()
@calibrating_options("Pairs of question and passage", FIELDS)
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@click.pass_obj
def calibrate(progress: Progress, /, knowledge: Path | None, **asked: Any) -> None:
    """Choose weights, confidence and threshold anew for a knowledge base, without training.

    The champion's encoder stays as it is; on the samples unless --data is given.
    """
    from pipelines.registry.promoting import promote_if_better
    from pipelines.support_qa.recalibrate import recalibrated
    from textwire.models.artifacts.registry import open_registry

    options = RunOptions(base=None, epochs=None, method=None, settings=(), **asked)
    registry = open_registry()
    samples, settings = pipeline.usual()
    source = _own(options, knowledge) or samples
    read, spec = source.read(), pipeline.spec(source, settings, options.mapping)
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        with progress.stage("Calibrating"):
            manifest = recalibrated(
                registry.champion(pipeline.task), read, settings, Path(folder), spec.data
            )
        version = registry.register(Path(folder), manifest)
    progress.say(f"{pipeline.task} {version}: {pipeline.summary(manifest.metrics)}")
    promote_if_better(pipeline, spec, version, registry, progress, rules_file=options.rules_file)


@click.command()
@evaluation_options("banking77/ and stackfaq/", Path("docs/results/support_qa.md"), PUBLIC)
@click.pass_obj
def evaluate(progress: Progress, /, **asked: Any) -> None:
    """Intents of banking77 and answers of stackfaq: learn from one part, judge on another."""
    from pipelines.support_qa.public.evaluate import evaluate_support_qa

    evaluate_support_qa(EvaluationOptions(**asked), progress)


def _own(options: RunOptions, knowledge: Path | None) -> Source[SupportData] | None:
    if options.data:
        return OwnPairs(options.data, knowledge, options.mapping, options.drop_repeats)
    if knowledge or options.is_about_data:
        raise SettingsError(
            "--knowledge, --map and --drop-repeats say more about --data, which is not given."
        )
    return None
