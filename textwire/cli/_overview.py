"""What runs in a folder and beside it, looked at once, and how `textwire status` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from textwire.cli._reported import elsewhere, read_fleet, state_now, told, why
from textwire.errors import Unavailable
from textwire.observing.reports import ServiceReport
from textwire.stack.part_states import as_told
from textwire.stack.state import PartState, StackState, read_state

COLOURS = {"ready": "green", "done": "green", "starting": "yellow", "degraded": "yellow"}


@dataclass(frozen=True)
class Overview:
    """A stack, its parts as they are now, and processes that work on the same Redis beside it."""

    state: StackState | None
    parts: dict[str, PartState]
    elsewhere: list[ServiceReport]

    @property
    def ready(self) -> bool:
        """Whether everything was started and does its work."""
        return self.state is not None and self.state.ready_with(self.parts)


def look_at(data_dir: Path) -> Overview:
    """As it is now.

    Raises: StackError: the folder's state cannot be read.
    """
    state = read_state(data_dir)
    if state is None:
        return Overview(None, {}, [])
    parts = as_told(state.parts_now)
    return Overview(state, parts, _elsewhere(parts) if state.alive else [])


def show(seen: Overview, data_dir: Path) -> None:
    """For people."""
    console = Console(highlight=False, soft_wrap=True)
    if seen.state is None:
        console.print(f"Textwire is not up in {data_dir}. `textwire up` starts it.")
    elif not seen.state.alive:
        console.print(
            f"Textwire was up in {data_dir}, and its supervisor has died. "
            "`textwire up` recovers and starts anew."
        )
    else:
        console.print(_table(seen.parts), soft_wrap=False)
        for line in _lines(seen):
            console.print(line)


def _table(parts: dict[str, PartState]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("part", "state", "process", "restarts", "address"):
        table.add_column(heading, overflow="fold")
    for name, part in parts.items():
        state = "degraded" if part.state == "ready" and part.warnings else part.state
        shown = f"[{COLOURS.get(state, 'red')}]{state}[/]"
        table.add_row(name, shown, str(part.pid or ""), str(part.restarts), part.address)
    return table


def _lines(seen: Overview) -> Iterator[str]:
    """What is the matter, or was, and who works beside us."""
    for name, part in seen.parts.items():
        for mark, what in _troubles(part):
            yield f"{mark} [bold]{name}[/bold] {escape(what)}"
    for report in seen.elsewhere:
        yield f"[dim]+ {escape(told(report))}[/]: {escape(f'{state_now(report)}{why(report)}')}"


def _troubles(part: PartState) -> Iterator[tuple[str, str]]:
    if part.reason:
        yield "[red]✗[/]", f"is {part.state}: {part.reason}"
    if part.warnings:
        yield "[yellow]![/]", f"does without something: {part.warnings}"
    if part.last_restart and part.last_restart != part.reason:
        yield "[dim]·[/]", f"was started again the last time because it {part.last_restart}"


def _elsewhere(parts: dict[str, PartState]) -> list[ServiceReport]:
    """None are known while Redis is away, which the services say of themselves."""
    try:
        return elsewhere(read_fleet(), parts)
    except Unavailable:
        return []
