"""The command `pipelines`: one group for each application, and verbs over all of them."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from pipelines.applications import (
    application_names,
    chosen_pipelines,
    cli_of,
    current_name,
)
from pipelines.comparing.verb import compare
from pipelines.explaining.verb import explain
from pipelines.pretraining.verb import pretrain
from pipelines.registry.verbs import models
from pipelines.running.error_messages import told
from pipelines.running.options import gate_option
from pipelines.running.progress import Progress
from pipelines.running.run_all import run_pipelines
from pipelines.training.run import leads
from pipelines.tuning.methods import METHODS, Method
from pipelines.watching.verb import watch
from textwire.cli._groups import WholeSentences
from textwire.cli._options import data_dir_option
from textwire.models.artifacts.registry import open_registry
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
        modules = {name: cli_of(name) for name in application_names()}
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
main.add_command(watch)
main.add_command(pretrain)
main.add_command(explain)
