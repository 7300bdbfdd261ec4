"""What every `pipelines NAME run` can be told, and what it does with that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from pipelines.bases.packaged import unpacked_base
from pipelines.classification.settings import ClassificationSettings
from pipelines.continual.earlier import most_forgotten
from pipelines.continual.finding_predecessor import find_predecessor
from pipelines.continual.predecessor import Predecessor
from pipelines.distillation.settings import Distillation
from pipelines.pipeline import Pipeline
from pipelines.registry.promoting import promote_if_better
from pipelines.running.progress import Progress
from pipelines.running.run import run_pipeline
from pipelines.running.training_spec import D, S, Settings, Source, read_settings, with_wishes
from pipelines.tuning.methods import FROM_LABELS_ALONE, METHODS, Method
from textwire.cli._options import data_dir_option
from textwire.errors import SettingsError
from textwire.models.artifacts.registry import Registry, open_registry
from textwire.settings import StackSettings, load

FILE = click.Path(dir_okay=False, path_type=Path)
FORMS = "a table or JSON (.csv, .tsv, .xlsx, .jsonl, .json, .parquet)"
F = TypeVar("F", bound=Callable[..., Any])
Option = Callable[[Any], Any]

gate_option = click.option(
    "--gate",
    "rules_file",
    type=FILE,
    envvar="TEXTWIRE_GATE",
    help="Rules by which a new version may serve: a TOML file.  [default: those that are shipped]",
)

learn_on_option = click.option(
    "--learn-on",
    metavar="VERSION",
    help="Begin with the weights of this version (or `champion`), which LoRA must have made, and "
    "keep what it read rightly.",
)

set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any setting of the recipe, such as accumulation=4 or patience=2.",
)
base_option = click.option(
    "--base",
    envvar="TEXTWIRE_BASE",
    help="Another base model: a folder, a name on the hub, or one that comes in packages: "
    "all-mpnet-base-v2, multilingual-e5-small, multilingual-e5-small-zh.  [env: TEXTWIRE_BASE]",
)


@dataclass(frozen=True)
class RunOptions:
    """What was asked for; None where the usual is meant."""

    data: Path | None
    mapping: tuple[str, ...]
    base: str | None
    epochs: int | None
    method: Method | None
    settings: tuple[str, ...]
    force: bool = False
    no_promote: bool = False
    drop_repeats: bool = False
    rules_file: Path | None = None
    distillation: Distillation | None = None
    earlier: tuple[Path, ...] = ()
    learn_on: str | None = None

    @property
    def is_about_data(self) -> bool:
        """Whether something was said that has no meaning without --data."""
        return bool(self.mapping or self.drop_repeats)


def run_options(data: str, fields: str) -> Callable[[F], F]:
    """The options that fill `RunOptions`, for a command that takes them as keywords.

    Args: data: what --data holds, for its help. fields: those that --map knows.
    """
    own = (
        click.option(
            "--earlier",
            type=FILE,
            multiple=True,
            help="File of an earlier task, with the columns of --data; the gate refuses a new "
            "version that forgets it. May be given several times.",
        ),
        click.option("--force", is_flag=True, help="Make it anew even if it is there."),
        click.option("--no-promote", is_flag=True, help="Register it, but do not serve it."),
    )
    return _adding((*_learning_options(data, fields), *own, gate_option, data_dir_option))


def learning_options(data: str, fields: str) -> Callable[[F], F]:
    """The same, for a command that decides by itself when to train and what serves."""
    return _adding((*_learning_options(data, fields), gate_option, data_dir_option))


def calibrating_options(data: str, fields: str) -> Callable[[F], F]:
    """The same, for a command that fits the model that serves to data, and trains nothing."""
    return _adding((*_data_options(data, fields), gate_option, data_dir_option))


def _data_options(data: str, fields: str) -> tuple[Option, ...]:
    return (
        click.option("--data", type=FILE, help=f"{data}: {FORMS}."),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=COLUMN",
            help=f"Which column of --data holds a field. Fields: {fields}.",
        ),
        click.option(
            "--drop-repeats",
            is_flag=True,
            help="Go on without texts that stand in both parts of --data, or are labelled twice.",
        ),
    )


def _learning_options(data: str, fields: str) -> tuple[Option, ...]:
    return (
        *_data_options(data, fields),
        base_option,
        click.option(
            "--epochs", type=click.IntRange(min=1), help="How often the data are gone through."
        ),
        click.option(
            "--method",
            type=click.Choice(METHODS),
            help="What learns; docs/methods.md says which suits what.",
        ),
        set_option,
    )


def _adding(options: Sequence[Option]) -> Callable[[F], F]:
    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def asked_settings(usual: S, options: RunOptions) -> S:
    """The usual settings, changed as was asked for.

    Raises: SettingsError: there is no such setting, or it does not take that value.
    """
    others = read_settings(usual, options.settings)
    base = unpacked_base(options.base, load(StackSettings).data_dir)
    return with_wishes(usual, base, options.epochs, options.method, others)


def run_as_asked(
    pipeline: Pipeline[D, S], own: Source[D] | None, options: RunOptions, progress: Progress
) -> None:
    """Learn from one's own data, or else from the samples; register and promote."""
    samples, usual = pipeline.usual()
    settings = asked_settings(usual, options)
    has_teacher = bool(options.distillation and options.distillation.teachers)
    if has_teacher and settings.method in FROM_LABELS_ALONE:
        raise SettingsError(
            f"By --method {settings.method} a model learns from labels alone: give another one "
            "with --teacher, such as full or lora."
        )
    registry = open_registry()
    spec = pipeline.spec(
        own or samples,
        settings,
        options.mapping,
        options.distillation,
        _asked_predecessor(pipeline.task, settings, options, registry),
    )
    work_dir = load(StackSettings).data_dir
    earlier = earlier_tasks(pipeline, options)
    version = run_pipeline(pipeline, spec, registry, work_dir, progress, force=options.force)
    if not options.no_promote:
        promote_if_better(
            pipeline,
            spec,
            version,
            registry,
            progress,
            rules_file=options.rules_file,
            forgotten=most_forgotten(pipeline, spec, version, earlier, registry, progress),
        )


def _asked_predecessor(
    task: str, settings: Settings, options: RunOptions, registry: Registry
) -> Predecessor | None:
    if options.learn_on is None:
        return None
    if options.distillation:
        raise SettingsError(
            "--learn-on has the version before for its teacher: leave out --teacher and --layers."
        )
    assert isinstance(settings, ClassificationSettings)  # noqa: S101 - only classifiers offer it
    return find_predecessor(options.learn_on, task, settings, registry)


def earlier_tasks(pipeline: Pipeline[D, S], options: RunOptions) -> dict[str, Source[D]]:
    """The rows of each earlier task, checked before anything is trained.

    Raises: SettingsError: this pipeline reads no single file. DataError, DataFileError.
    """
    if options.earlier and pipeline.own_rows is None:
        raise SettingsError(
            f"{pipeline.task} does not learn from one file of rows: leave --earlier out."
        )
    found: dict[str, Source[D]] = {}
    for file in options.earlier:
        assert pipeline.own_rows is not None  # noqa: S101 - as asked above
        found[str(file)] = pipeline.own_rows(file, options.mapping, options.drop_repeats)
        found[str(file)].read()
    return found
