"""How `textwire up` speaks: a line for each step, in colour on a terminal, plain in a pipe."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from textwire.stack.jars import kafka_jars
from textwire.stack.state import StackState
from textwire.urls import without_secrets


class Report:
    """One command's lines."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @contextmanager
    def step(self, name: str, doing: str) -> Iterator[list[str]]:
        """A step that takes a moment; what is appended to the list is its outcome."""
        began, outcome = time.monotonic(), [""]
        with self.console.status(f"{name}: {doing}"):
            yield outcome
        self.done(name, outcome[-1], time.monotonic() - began)

    def done(self, name: str, outcome: str, took_s: float) -> None:
        """A step that is behind us."""
        took = f"[dim]{took_s:6.1f} s[/dim]"
        self._line(f"[green]✓[/green] [bold]{name:<11}[/bold] {took}  {escape(outcome)}")

    def tell(self, sentence: str) -> None:
        """Something that happened."""
        self._line(f"[dim]{time.strftime('%H:%M:%S')}[/dim] {escape(sentence)}")

    def repeat(self, lines: str) -> None:
        """Lines that another process said already."""
        for line in lines.splitlines():
            mark = "[green]✓[/green]" if line.startswith("✓") else ""
            self._line(mark + escape(line.removeprefix("✓")))

    def heading(self, text: str) -> None:
        """What all this is about."""
        self._line(f"[bold]{escape(text)}[/bold]")

    def fetch_kafka(self) -> None:
        """Fetch and verify Kafka's jars, with a bar while it lasts."""
        began = time.monotonic()
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        text = TextColumn("  fetching Apache Kafka")
        with Progress(
            text, *columns, console=self.console, transient=True, disable=self._plain
        ) as bar:
            task = bar.add_task("", total=None, visible=False)
            jars = kafka_jars(
                progress=lambda here, all_: bar.update(
                    task, completed=here, total=all_, visible=True
                )
            )
        self.done("fetch", f"Apache Kafka, {len(jars)} jars verified", time.monotonic() - began)

    def where_to_go(self, state: StackState) -> None:
        """Addresses, and what to try next."""
        self.console.print()
        self.console.print(_addresses(state))
        self.console.print("\n[bold]Try[/bold]")
        for command in _suggestions(state):
            self._line(f"  {escape(command)}")

    @property
    def _plain(self) -> bool:
        return not self.console.is_terminal

    def _line(self, markup: str) -> None:
        self.console.print(markup, soft_wrap=True)


def _addresses(state: StackState) -> Table:
    table = Table.grid(padding=(0, 2))
    if state.dashboard_url:
        table.add_row("[bold]Dashboard[/bold]", f"[cyan]{state.dashboard_url}[/cyan]")
    if state.gateway_url:
        table.add_row("[bold]Gateway[/bold]", f"[cyan]{state.gateway_url}[/cyan]")
    table.add_row("[bold]Kafka[/bold]", state.bootstrap_servers)
    table.add_row("[bold]Redis[/bold]", without_secrets(state.redis_url))
    return table


def _suggestions(state: StackState) -> list[str]:
    asking = [
        'ask "my card was charged twice, what do I do?"',
        'recs ask me --context "a gift for someone who bakes bread"',
        "tail news.alerts",
    ]
    words = [*(asking if state.dashboard_url else []), "status", "down"]
    return [f"{_program()} {verb}" for verb in words]


def _program() -> str:
    """What to type for `textwire`: its path where no environment is activated."""
    if shutil.which("textwire"):
        return "textwire"
    return os.path.relpath(Path(sys.executable).with_name("textwire"))
