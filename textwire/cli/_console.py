"""Where verbs print: coloured and fitted on a terminal, plain and whole in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table


def console(*, to_errors: bool = False) -> Console:
    """A console that takes texts as they are: no markup, no guesses at numbers and paths."""
    made = Console(stderr=to_errors, markup=False, highlight=False, emoji=False)
    made.soft_wrap = not made.is_terminal
    return made


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for eyes; in a pipe, a line a row with tabs between its cells."""
    screen = console()
    if not screen.is_terminal:
        for row in rows:
            click.echo("\t".join(row))
        return
    table = Table(*headings, box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(*row)
    screen.print(table)
