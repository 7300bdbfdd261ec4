"""The command `textwire`: one module a verb, found by its name.

A verb `ask` is the click command `ask` in `textwire/cli/ask.py`; modules whose names begin with an
underscore are no verbs. A verb is imported when it is called, and what it needs inside it, so that
`textwire --help` only reads.
"""

from __future__ import annotations

import ast
import errno
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import click

from textwire import __version__
from textwire.cli._options import data_dir_option
from textwire.errors import TextwireError, Unavailable

# No space, no quota left, a file system that is read-only, no permission.
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


class Failure(click.ClickException):
    """An error as a person reads it: one message, on the error stream, exit status 1."""

    def show(self, file: Any = None) -> None:
        """Print it."""
        mark = click.style("Error:", fg="red", bold=True)
        click.echo(f"{mark} {self.message}", file=file, err=True)


class Verbs(click.Group):
    """The verbs that lie beside this file."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every verb's name."""
        names = [module.name for module in pkgutil.iter_modules(__path__)]
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One verb, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        verb = getattr(importlib.import_module(f"{__name__}.{name}"), name)
        assert isinstance(verb, click.Command), f"{name}.py defines no command {name}"  # noqa: S101
        return verb

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, read from their files without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, _first_line(verb)) for verb in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; its errors are told, and traced only with --debug."""
        try:
            return super().invoke(ctx)
        except (TextwireError, OSError) as error:
            if ctx.params.get("debug") or not (message := _told(error)):
                raise
            raise Failure(message) from error


def _told(error: Exception) -> str | None:
    """An error for people; None for one that only a developer can read."""
    if isinstance(error, Unavailable):
        return f"{error}{_no_stack_here()}"
    if isinstance(error, TextwireError):
        return str(error)
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        return f"{error}. Make room, check permissions, or name another folder with --data-dir."
    return None


def _no_stack_here() -> str:
    """Whose ports were asked, where neither servers are set nor a stack runs in the data folder."""
    from textwire.addresses import running_stack
    from textwire.settings import KafkaSettings, RedisSettings, StackSettings, load

    try:
        folder = load(StackSettings).data_dir.absolute()
        is_set = load(KafkaSettings).bootstrap_servers or load(RedisSettings).url.get_secret_value()
        if is_set or running_stack(folder):
            return ""
    except TextwireError:  # what is wrong there is told by `textwire doctor`, and not beside this
        return ""
    return (
        f" No `textwire up` runs in {folder}, so the usual ports were asked; "
        "`textwire --data-dir` names another folder."
    )


def _first_line(verb: str) -> str:
    name = verb.replace("-", "_")
    tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    told = [ast.get_docstring(node) or "" for node in functions if node.name == name]
    return "".join(told).partition("\n")[0]


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="textwire")
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@data_dir_option
def main(debug: bool) -> None:
    """Real-time NLP on a stream: Kafka in, fine-tuned models in the middle, answers out."""
