"""The command `pipelines`: one group for each application, found by its folder.

An application is a package of this one whose module `cli` has a click group `group`, what makes its
model as `pipeline`, and, if it can be judged on public data, a command `evaluate`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from rich.console import Console

import pipelines
from pipelines.comparing.verb import compare
from pipelines.explaining.verb import explain
from pipelines.pipeline import Pipeline
from pipelines.pretraining.verb import pretrain
from pipelines.registry.verbs import models
from pipelines.running.error_messages import told
from pipelines.running.options import gate_option
from pipelines.running.progress import Progress
from pipelines.running.run_all import run_pipelines
from pipelines.training.run import leads
from pipelines.tuning.methods import METHODS, Method
from pipelines.watching.verb import watch_command
from textwire.cli._groups import WholeSentences
from textwire.cli._options import data_dir_option
from textwire.models.artifacts.registry import open_registry
from textwire.models.artifacts.task_names import pipeline_of
from textwire.models.shipped.champions import shipped_champion
from textwire.settings import StackSettings, load


class Applications(WholeSentences):
    """One member for each application: the attribute `member` of its module `cli`."""

    member = "group"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of applications, and of commands of our own."""
        return sorted([*super().list_commands(ctx), *self._found()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of our own, or an application's."""
        own = super().get_command(ctx, cmd_name)
        return own or self._found().get(current_name(cmd_name))

    def _found(self) -> dict[str, click.Command]:
        modules = {name: _cli_of(name) for name in application_names()}
        return {
            name.replace("_", "-"): getattr(module, self.member)
            for name, module in modules.items()
            if hasattr(module, self.member)
        }


class Evaluations(Applications):
    """The evaluation of each application."""

    member = "evaluate"


class Program(Applications):
    """The root: what goes wrong is said in one message."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn our errors into a message and exit status 1."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if ctx.params["debug"] or not (message := told(error)):
                raise
            raise click.ClickException(message) from error


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@data_dir_option
@click.pass_context
def main(ctx: click.Context, debug: bool) -> None:  # noqa: ARG001 - Program reads it
    """Make models from data: fine-tune, export, check, register."""
    # Ended by `textwire up` or by a person: temporary folders go away all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    ctx.obj = Progress(Console(quiet=not leads()))


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "every", is_flag=True, help="Of every application.")
@click.option("--missing", is_flag=True, help="Leave those alone that have a champion.")
@click.option("--method", type=click.Choice(METHODS), help="What learns; as usual if not given.")
@click.option("--force", is_flag=True, help="Make them anew even if they are there.")
@gate_option
@data_dir_option
@click.pass_obj
def run(
    progress: Progress,
    /,
    names: tuple[str, ...],
    every: bool,
    missing: bool,
    force: bool,
    method: Method | None,
    rules_file: Path | None,
) -> None:
    """Make the models of several applications from the samples; what the gate lets in serves."""
    run_pipelines(
        chosen_pipelines(names, every=every),
        open_registry(),
        load(StackSettings).data_dir,
        progress,
        missing=missing,
        force=force,
        method=method,
        rules_file=rules_file,
    )


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--check", is_flag=True, help="Only say what has changed since each was made.")
@click.pass_obj
def ship(progress: Progress, /, names: tuple[str, ...], check: bool) -> None:
    """Write down what the champions here have learned, so that they travel with the code.

    Of those pipelines, or of all. Only what learned by --method lora or head can travel.
    """
    from pipelines.artifacts.shipping import changed_since, ship_champion

    for pipeline in chosen_pipelines(names, every=not names):
        if check:
            changed = changed_since(pipeline)
            progress.say(f"{pipeline.task}: {', '.join(changed) or 'nothing'} changed since.")
        else:
            ship_champion(pipeline.task, open_registry(), progress)


@main.group(cls=Evaluations)
def evaluate() -> None:
    """Measure on public data, beside published figures."""


main.add_command(models)
main.add_command(compare)
main.add_command(watch_command(lambda names: chosen_pipelines(names, every=False)))
main.add_command(pretrain)
main.add_command(explain)


def current_name(name: str) -> str:
    """The pipeline of that name, or the one whose models a registry calls so."""
    pipeline = pipeline_of(name)
    if pipeline != name:
        click.echo(f"`{name}` is what the registry calls the models of `{pipeline}`.", err=True)
    return pipeline


def application_names() -> list[str]:
    """Packages of this one that have a module `cli`."""
    return [
        module.name
        for module in pkgutil.iter_modules(pipelines.__path__)
        if module.ispkg and importlib.util.find_spec(f"pipelines.{module.name}.cli")
    ]


def pipelines_by_name() -> dict[str, Pipeline[Any, Any]]:
    """What each application gives, by the name that people write."""
    modules = {name.replace("_", "-"): _cli_of(name) for name in application_names()}
    return {name: m.pipeline for name, m in modules.items() if hasattr(m, "pipeline")}


def chosen_pipelines(names: Sequence[str], *, every: bool) -> list[Pipeline[Any, Any]]:
    """Those that were named, or every one that something serves.

    Raises: UsageError: there is no such pipeline, or neither or both was asked for.
    """
    known = pipelines_by_name()
    current = [current_name(name) for name in names]
    if unknown := [name for name in current if name not in known]:
        raise click.UsageError(f"There is no pipeline {unknown[0]}. There are {', '.join(known)}.")
    if bool(current) == every:
        raise click.UsageError(f"Name some of {', '.join(known)}, or give --all.")
    if not every:
        return [known[name] for name in current]
    served = [pipeline for pipeline in known.values() if not pipeline.on_demand]
    needed = [pipeline for pipeline in served if not pipeline.optional]
    # Last, since they stand on what the others make.
    return [*needed, *(p for p in served if p.optional and shipped_champion(p.task))]


def _cli_of(name: str) -> ModuleType:
    return importlib.import_module(f"pipelines.{name}.cli")
