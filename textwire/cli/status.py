"""`textwire status`: what runs, where, and whether it is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from textwire.cli._options import data_dir_option

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from textwire.embedded.state import StackState

COLOURS = {"ready": "green", "done": "green", "starting": "yellow", "not ready": "yellow"}


@click.command()
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show what runs, and where; exit status 0 only when all is ready."""
    from textwire.embedded.state import read_state
    from textwire.settings import StackSettings, load

    data_dir = load(StackSettings).data_dir.absolute()
    state = read_state(data_dir)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(_as_data(state, data_dir))))
    else:
        _show(state, data_dir)
    ctx.exit(0 if state and state.ready else 1)


def _as_data(state: StackState | None, data_dir: Path) -> dict[str, Any]:
    """The words that other programs may rely on."""
    from textwire.urls import without_secrets

    return {
        "ready": bool(state and state.ready),
        "data_dir": str(data_dir),
        "bootstrap_servers": state.bootstrap_servers if state else "",
        "redis_url": without_secrets(state.redis_url) if state else "",
        "dashboard_url": state.dashboard_url if state else "",
        "parts": state.parts_now if state else {},
    }


def _show(state: StackState | None, data_dir: Path) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if state is None:
        console.print(f"Textwire is not up in {data_dir}. `textwire up` starts it.", soft_wrap=True)
        return
    if not state.alive:
        console.print(
            f"Textwire was up in {data_dir}, and its supervisor has died. "
            "`textwire up` recovers and starts anew.",
            soft_wrap=True,
        )
        return
    console.print(_table(state))


def _table(state: StackState) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("part", "state", "process", "restarts", "address"):
        table.add_column(heading, overflow="fold")
    for name, part in state.parts_now.items():
        shown = f"[{COLOURS.get(part.state, 'red')}]{part.state}[/]"
        table.add_row(name, shown, str(part.pid or ""), str(part.restarts), part.address)
    return table
