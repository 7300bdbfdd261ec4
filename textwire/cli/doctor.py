"""`textwire doctor`: whether this machine can run Textwire and what runs is well, or what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from textwire.cli._options import data_dir_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table

    from textwire.cli._finding import Finding
    from textwire.settings import Section

MARKS = {"good": "[green]✓[/]", "note": "[yellow]![/]", "bad": "[red]✗[/]"}


@click.command()
@data_dir_option
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check this machine, servers, models, services and settings."""
    from rich.console import Console

    from textwire.cli._checkup import check_everything, import_settings
    from textwire.settings import load_registered

    console = Console(highlight=False)
    import_settings()
    sound = _show_findings(console, check_everything())
    if sound:
        console.print()
        console.print(_settings_table(load_registered().values()))
    ctx.exit(0 if sound else 1)


def _show_findings(console: Console, findings: Iterable[Finding]) -> bool:
    """Print each as it is found; whether none is bad."""
    from rich.markup import escape

    sound = True
    for finding in findings:
        sound = sound and finding.verdict != "bad"
        line = f"{MARKS[finding.verdict]} [bold]{finding.subject:<9}[/bold] {escape(finding.what)}"
        console.print(line, soft_wrap=True)
        if finding.to_do:
            console.print(f"            {escape(finding.to_do)}", style="dim", soft_wrap=True)
    return sound


def _settings_table(sections: Iterable[Section]) -> Table:
    """The settings in force; secrets show that they are set, and no more."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("setting in force")
    table.add_column("value", overflow="fold")
    for section in sections:
        for name, value in section:
            table.add_row(f"{section.section}.{name}", escape(_shown(value)))
    return table


def _shown(value: object) -> str:
    """A value; of a URL, such as a registry's, what is not secret."""
    from textwire.urls import without_secrets

    return without_secrets(str(value)) if "://" in str(value) else str(value)
