"""Commands that have commands of their own."""

from __future__ import annotations

import click

# Longer than any first sentence: a list of commands breaks lines rather than leaving words out.
WHOLE = 1_000


class WholeSentences(click.Group):
    """A group whose list of commands says the first sentence of each to its end."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, as wide as the terminal."""
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        told = [
            (name, command.get_short_help_str(WHOLE))
            for name, command in found.items()
            if command is not None and not command.hidden
        ]
        if told:
            with formatter.section("Commands"):
                formatter.write_dl(told)
