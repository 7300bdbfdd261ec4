"""What a long run shows: bars on a terminal, plain lines when its output goes elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress

# A line at least this often, so that a log shows that something goes on.
LINE_EVERY_S = 10.0


class Stage(Protocol):
    """One stage under way."""

    def expect(self, steps: int) -> None:
        """Say how many steps it will have."""
        ...

    def advance(self) -> None:
        """Say that a step is done."""
        ...


@runtime_checkable
class LossTeller(Protocol):
    """A stage that shows the loss of the step that is about to be done."""

    def tell_loss(self, loss: float) -> None:
        """Show it from now on."""
        ...


class Progress:
    """Stages one after another, on a console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._part = ""
        self.seconds: dict[str, float] = {}

    def take_seconds(self) -> dict[str, float]:
        """What the stages since the last call took, by title."""
        taken, self.seconds = self.seconds, {}
        return taken

    def say(self, text: str) -> None:
        """One line for people."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def part(self, name: str, number: int, of: int) -> Iterator[None]:
        """Say with each stage meanwhile to which of several parts it belongs, from 1."""
        self._part = f"{number} of {of}, {name}: "
        try:
            yield
        finally:
            self._part = ""

    @contextmanager
    def stage(self, title: str) -> Iterator[Stage]:
        """Show a stage while it lasts."""
        started = time.monotonic()
        shown = _bar if self._console.is_terminal else _lines
        with shown(self._console, f"{self._part}{title}") as stage:
            yield stage
        self.seconds[title] = time.monotonic() - started
        # Titles have some 40 characters, and the name of a part some 25 more.
        width = 65 if self._part else 40
        self.say(f"{self._part + title:<{width}}{self.seconds[title]:6.1f} s")


class _Bar:
    def __init__(self, progress: RichProgress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=None, loss="")

    def expect(self, steps: int) -> None:
        self._progress.update(self._task, total=steps)

    def advance(self) -> None:
        self._progress.advance(self._task)

    def tell_loss(self, loss: float) -> None:
        self._progress.update(self._task, loss=f"loss {loss:.3f}")


class _Lines:
    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._steps = 0
        self._done = 0
        self._loss = ""
        self._began_at = self._said_at = time.monotonic()

    def expect(self, steps: int) -> None:
        self._steps = steps

    def advance(self) -> None:
        self._done += 1
        if time.monotonic() - self._said_at >= LINE_EVERY_S:
            self._said_at = time.monotonic()
            self._console.print(
                f"{self._title}: {self._done}/{self._steps}{self._loss}{self._left()}",
                highlight=False,
            )

    def tell_loss(self, loss: float) -> None:
        self._loss = f", loss {loss:.3f}"

    def _left(self) -> str:
        """By the mean pace so far."""
        if self._steps <= self._done:
            return ""
        passed = self._said_at - self._began_at
        return f", {passed / self._done * (self._steps - self._done):.0f} s left"


@contextmanager
def _bar(console: Console, title: str) -> Iterator[Stage]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, title)


@contextmanager
def _lines(console: Console, title: str) -> Iterator[Stage]:
    yield _Lines(console, title)
