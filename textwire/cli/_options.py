"""Options that several verbs share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from textwire.wire.message import Message

Command = TypeVar("Command", bound=Callable[..., Any])


def _set_data_dir(_ctx: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    """Through the environment: settings read it there, and so do child processes."""
    if folder is not None:
        os.environ["TEXTWIRE_STACK_DATA_DIR"] = str(folder.absolute())


data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_set_data_dir,
    expose_value=False,
    help="Folder of data, models and logs.  [default: .textwire, or as set]",
)


def loading_options(kind: type[Message], example: str) -> Callable[[Command], Command]:
    """Which files are loaded, and how their rows become messages of a kind."""
    import msgspec

    fields = ", ".join(field.name for field in msgspec.structs.fields(kind))
    parameters: list[Callable[[Command], Command]] = [
        click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path)),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=COLUMN",
            help=f"Which column holds a field, such as {example}. Fields: {fields}.",
        ),
        click.option("--skip-bad", is_flag=True, help="Take the good rows, and name the bad ones."),
        click.option("--id-prefix", default="", help="Put before every id, to keep files apart."),
        click.option(
            "--encoding",
            metavar="NAME",
            help="Of a text file that is not UTF-8, such as cp1252.  [default: recognised]",
        ),
    ]

    def decorate(command: Command) -> Command:
        for parameter in reversed(parameters):
            command = parameter(command)
        return command

    return decorate


def replaying_options(example: str) -> Callable[[Command], Command]:
    """How the rows of a file are sent as messages of a topic."""
    parameters: list[Callable[[Command], Command]] = [
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=COLUMN",
            help=f"Which column holds a field of the topic's messages, such as {example}.",
        ),
        click.option("--limit", type=click.IntRange(min=1), help="Only the first so many rows."),
        click.option("--rate", help="Rows a second, or max.  [default: max]"),
        click.option(
            "--speed",
            type=click.FloatRange(min=0, min_open=True),
            help="Send each row at its time, as time goes so many times as fast as ours.",
        ),
        click.option("--skip-bad", is_flag=True, help="Send the good rows, and name the bad ones."),
    ]

    def decorate(command: Command) -> Command:
        for parameter in reversed(parameters):
            command = parameter(command)
        return command

    return decorate
