"""`textwire status`: what runs, where, whether it is ready, and if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from textwire.cli._options import data_dir_option

if TYPE_CHECKING:
    from pathlib import Path

    from textwire.cli._overview import Overview


@click.command()
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show what runs, and how; exit status 0 only when all is ready."""
    from textwire.cli._overview import look_at, show
    from textwire.settings import StackSettings, load

    data_dir = load(StackSettings).data_dir.absolute()
    seen = look_at(data_dir)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(_as_data(seen, data_dir))))
    else:
        show(seen, data_dir)
    ctx.exit(0 if seen.ready else 1)


def _as_data(seen: Overview, data_dir: Path) -> dict[str, Any]:
    """The words that other programs may rely on."""
    from textwire.cli._reported import outline
    from textwire.urls import without_secrets

    state = seen.state
    return {
        "ready": seen.ready,
        "data_dir": str(data_dir),
        "bootstrap_servers": state.bootstrap_servers if state else "",
        "redis_url": without_secrets(state.redis_url) if state else "",
        "dashboard_url": state.dashboard_url if state else "",
        "gateway_url": state.gateway_url if state else "",
        "parts": seen.parts,
        "elsewhere": [outline(report) for report in seen.elsewhere],
    }
