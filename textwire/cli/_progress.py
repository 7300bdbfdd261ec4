"""Progress over files, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from textwire.cli._console import console
from textwire.rows.row import Advance


@contextmanager
def watched(doing: str, total: int) -> Iterator[Advance]:
    """A bar that fills as bytes, or whatever `total` counts, are reported."""
    screen = console(to_errors=True)
    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *parts, console=screen, transient=True, disable=not screen.is_terminal
    ) as progress:
        task = progress.add_task(doing, total=total)
        yield lambda count: progress.advance(task, count)
