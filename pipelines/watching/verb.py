"""`pipelines watch NAME`: the loop that closes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

import click

from pipelines.applications import chosen_pipelines
from pipelines.pipeline import Pipeline
from pipelines.running.options import RunOptions, asked_settings, learning_options
from pipelines.running.progress import Progress
from pipelines.running.training_spec import Source, TrainingSpec
from pipelines.watching.watch import Watch, WatchOptions
from textwire.addresses import redis_url
from textwire.errors import DataError, DataFileError, SettingsError, Unavailable
from textwire.file_rights import make_private
from textwire.models.artifacts.registry import open_registry
from textwire.results.redis import RedisResults
from textwire.settings import StackSettings, load


@click.command()
@click.argument("name")
@learning_options("Labelled rows, read anew before each training", "those of `NAME run`")
@click.option(
    "--every",
    "every_s",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds between two looks.",
)
@click.option("--once", is_flag=True, help="Look once, and do what follows from that.")
@click.option(
    "--promote",
    type=click.Choice(("gate", "person")),
    default="gate",
    show_default=True,
    help="Who lets a challenger serve.",
)
@click.option(
    "--shadow-texts",
    default=WatchOptions.shadow_texts,
    show_default=True,
    type=click.IntRange(min=1),
    help="Read beside the champion before a decision.",
)
@click.option(
    "--feedback",
    default=WatchOptions.least_feedback,
    show_default=True,
    type=click.IntRange(min=1),
    help="Judgements of people that lead to a training.",
)
@click.pass_obj
def watch(
    progress: Progress,
    /,
    name: str,
    every_s: float,
    once: bool,
    promote: str,
    shadow_texts: int,
    feedback: int,
    **asked: Any,
) -> None:
    """Look for drift and feedback; train a challenger, watch it in shadow, let the gate decide.

    Ends with Ctrl-C. Where it stands is on the page Models.
    """
    options = RunOptions(**asked)
    [pipeline] = chosen_pipelines([name], every=False)
    waits_for = WatchOptions(shadow_texts, feedback, promote == "person", options.rules_file)
    watch_as_asked(pipeline, options, waits_for, every_s, once=once, progress=progress)


def watch_as_asked(
    pipeline: Pipeline[Any, Any],
    options: RunOptions,
    waits_for: WatchOptions,
    every_s: float,
    *,
    once: bool,
    progress: Progress,
) -> None:
    """Look every so often, until stopped; what is away or cannot be read is looked for again."""
    work_dir = load(StackSettings).data_dir
    watch = Watch(
        pipeline,
        lambda: _spec(pipeline, options, work_dir),
        open_registry(),
        RedisResults.from_url(redis_url()),
        work_dir,
        waits_for,
        lambda: datetime.now(UTC),
        progress,
    )
    told: tuple[str, ...] = ()
    while True:
        try:
            state = watch.look()
            now = (state.stage, state.told, *state.reasons)
        except (Unavailable, DataError, DataFileError) as error:
            if once:
                raise
            now = ("cannot go on", str(error))
        if now != told:
            progress.say(f"{pipeline.task}: {now[0].replace('_', ' ')}. {' '.join(now[1:])}")
        told = now
        if once:
            return
        sleep(every_s)


@contextmanager
def _spec(
    pipeline: Pipeline[Any, Any], options: RunOptions, work_dir: Path
) -> Iterator[TrainingSpec[Any, Any]]:
    """What there is to learn from now; feedback holds customers' words, so its files go again."""
    samples, usual = pipeline.usual()
    source = _source(pipeline, options) or samples
    settings = asked_settings(usual, options)
    if pipeline.with_feedback is None:
        yield pipeline.spec(source, settings, options.mapping)
        return
    make_private(work_dir)
    with TemporaryDirectory(prefix="watch-", dir=work_dir) as folder:
        source = pipeline.with_feedback(source, Path(folder))
        yield pipeline.spec(source, settings, options.mapping)


def _source(pipeline: Pipeline[Any, Any], options: RunOptions) -> Source[Any] | None:
    if options.data is None:
        if options.is_about_data:
            raise SettingsError(
                "--map and --drop-repeats say more about --data, which is not given."
            )
        return None
    if pipeline.own_rows is None:
        raise SettingsError(
            f"{pipeline.task} does not learn from one file of rows: leave --data out."
        )
    return pipeline.own_rows(options.data, options.mapping, options.drop_repeats)
