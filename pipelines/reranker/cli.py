"""`pipelines reranker ...`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipelines.measuring.evaluation import EvaluationOptions, evaluation_options
from pipelines.reranker.own_data import own_questions
from pipelines.reranker.pipeline import pipeline, usual
from pipelines.reranker.promoting import promote_if_it_helps
from pipelines.reranker.public_sets import PUBLIC_SETS
from pipelines.reranker.samples import RankedQuestions
from pipelines.reranker.settings import RerankerSettings
from pipelines.running.options import (
    FILE,
    RunOptions,
    asked_settings,
    calibrating_options,
    run_options,
)
from pipelines.running.progress import Progress
from pipelines.running.run import run_pipeline
from textwire.cli._groups import WholeSentences
from textwire.errors import SettingsError
from textwire.models.artifacts.registry import open_registry
from textwire.settings import StackSettings, load

FIELDS = "question, passage, passage_id, split"
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=WholeSentences)
def group() -> None:
    """The reranker of support QA: reads a question beside each of the best passages."""


@group.command()
@run_options("Pairs of question and passage", FIELDS)
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@click.option(
    "--with",
    "added",
    type=click.Choice(list(PUBLIC_SETS)),
    multiple=True,
    help="Learn from a public data set beside the questions; may be given several times.",
)
@click.option(
    "--public",
    type=FOLDER,
    envvar="TEXTWIRE_DATA",
    help="Folder that holds banking77/ and stackfaq/, for --with.  [env: TEXTWIRE_DATA]",
)
@click.pass_obj
def run(
    progress: Progress,
    /,
    knowledge: Path | None,
    added: tuple[str, ...],
    public: Path | None,
    **asked: Any,
) -> None:
    """Fine-tune, export, quantise, check, calibrate, register; promote if it helps.

    Reads what the retriever that serves has found, so `pipelines support-qa run` comes first, and
    this again after each. Learns from the samples unless --data is given.
    """
    options = RunOptions(**asked)
    samples, recipe = usual()
    source = _with_public(_own(options, knowledge) or samples, added, public)
    settings = asked_settings(recipe, options)
    spec = pipeline.spec(source, settings, options.mapping)
    registry, work_dir = open_registry(), load(StackSettings).data_dir
    version = run_pipeline(pipeline, spec, registry, work_dir, progress, force=options.force)
    if not options.no_promote:
        promote_if_it_helps(pipeline, spec, version, registry, progress, options.rules_file)


@group.command()
@calibrating_options("Pairs of question and passage", FIELDS)
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@click.pass_obj
def calibrate(progress: Progress, /, knowledge: Path | None, **asked: Any) -> None:
    """Fit the reranker to the retriever that serves and to a knowledge base, without training.

    Run it after `pipelines support-qa calibrate`, with the same questions; on the samples unless
    --data is given.
    """
    from pipelines.reranker.recalibrate import recalibrated

    options = RunOptions(base=None, epochs=None, method=None, settings=(), **asked)
    registry = open_registry()
    samples, settings = usual()
    source = _own(options, knowledge) or samples
    read, spec = source.read(), pipeline.spec(source, settings, options.mapping)
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        with progress.stage("Reading held-out questions beside their passages, calibrating"):
            manifest = recalibrated(
                registry.champion(pipeline.task), read, settings, Path(folder), spec.data
            )
        version = registry.register(Path(folder), manifest)
    progress.say(f"{pipeline.task} {version}: {pipeline.summary(manifest.metrics)}")
    promote_if_it_helps(pipeline, spec, version, registry, progress, options.rules_file)


@click.command()
@evaluation_options("stackfaq/", Path("docs/results/reranker.md"), ("stackfaq",))
@click.pass_obj
def evaluate(progress: Progress, /, **asked: Any) -> None:
    """Answers of stackfaq, by a retriever alone and reranked; says the figures, writes no page."""
    from pipelines.reranker.public.stackfaq import evaluate_stackfaq
    from pipelines.support_qa.public.stackfaq import StackFaqSettings

    options = EvaluationOptions(**asked)
    found = evaluate_stackfaq(
        options.data / "stackfaq" / "stackfaq.jsonl",
        options.applied(StackFaqSettings()),
        options.applied(RerankerSettings()),
        progress,
    )
    progress.say(
        f"stackfaq, int8, as it serves: MAP {found['alone']:.2%}, reranked {found['reranked']:.2%} "
        f"(weight {found['weight']:g})."
    )


def _own(options: RunOptions, knowledge: Path | None) -> RankedQuestions | None:
    if options.data:
        return own_questions(options.data, knowledge, options.mapping, options.drop_repeats)
    if knowledge or options.is_about_data:
        raise SettingsError(
            "--knowledge, --map and --drop-repeats say more about --data, which is not given."
        )
    return None


def _with_public(
    source: RankedQuestions, added: tuple[str, ...], public: Path | None
) -> RankedQuestions:
    if added and public is None:
        raise SettingsError(
            f"--with {added[0]} needs the folder that holds {added[0]}/: give --public, or set "
            "TEXTWIRE_DATA."
        )
    return replace(source, public=public, added=added) if added else source
