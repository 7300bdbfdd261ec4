"""What a model says of a file's texts, as JSON lines; and how a command is told of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import cleandoc
from pathlib import Path
from typing import Any, TypeVar

import click

from pipelines.running.options import FILE, FORMS
from textwire.cli._options import data_dir_option

F = TypeVar("F", bound=Callable[..., Any])
TEXTS_AT_ONCE = 256


def predict_options(command: F) -> F:
    """A model and a file of texts, `field=column` for it, and where the lines go."""
    command.__doc__ = f"{cleandoc(command.__doc__ or '')}\n\nFILE is {FORMS}."
    options = (
        click.argument("model"),
        click.argument("file", type=FILE),
        click.option(
            "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="As in `run`."
        ),
        click.option("--out", type=FILE, help="JSON lines go there.  [default: the terminal]"),
        data_dir_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write each with an end of its own; `out` of None is the terminal."""
    with click.open_file(str(out) if out else "-", "w", encoding="utf-8") as written:
        for line in lines:
            written.write(f"{line}\n")
