"""`textwire down`: stops what `textwire up` started."""

from __future__ import annotations

import click

from textwire.cli._options import data_dir_option


@click.command()
@data_dir_option
def down() -> None:
    """Stop everything that `textwire up` started here."""
    from textwire.settings import StackSettings, load
    from textwire.stack.stopping import stop_stack

    data_dir = load(StackSettings).data_dir
    click.echo(stop_stack(data_dir.absolute()))
