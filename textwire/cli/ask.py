"""Asking the support bot."""

from __future__ import annotations

import contextlib
import sys
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import msgspec
from rich.text import Text

from textwire.cli._console import console
from textwire.errors import TextwireError
from textwire.stream.readable import readable

if TYPE_CHECKING:
    from textwire.support_qa.client import SupportClient
    from textwire.support_qa.messages import Answer, Source

OUTCOMES = {
    "answered": ("answered", "green"),
    "asked_back": ("asked back", "cyan"),
    "handed_over": ("handed over to a person", "yellow"),
    "acknowledged": ("acknowledged", "cyan"),
    "waiting": ("a colleague is on the way", "yellow"),
    "replied": ("a colleague replied", "green"),
    "refused": ("not answered", "red"),
}
LOOKED_UP = ("answered", "asked_back", "handed_over")
SOURCE_CHARS = 90


@click.command()
@click.argument("question", nargs=-1)
@click.option("--session", help="Go on with this conversation.  [default: a new one]")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Longest wait for an answer, in seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as it is on the topic.")
def ask(question: tuple[str, ...], session: str | None, timeout_s: float, as_json: bool) -> None:
    """Ask the support bot a question; without one, chat.

    The question goes through Kafka, as every customer's does. Exit status: 0 when it was answered
    or handed over, 1 when it was refused or no answer came. A chat ends with Ctrl-D.
    """
    from textwire.support_qa.client import SupportClient

    session_id = session or f"terminal-{uuid.uuid4().hex[:12]}"
    with contextlib.closing(SupportClient("textwire ask")) as line:
        if not question and sys.stdin.isatty():
            _chat(line, session_id, timeout_s)
            return
        refused = False
        for text in [" ".join(question)] if question else _lines():
            answer = line.ask(text, session_id, timeout_s)
            (_show_json if as_json else _show)(answer)
            refused |= answer.outcome == "refused"
    if refused:
        sys.exit(1)


def _chat(line: SupportClient, session_id: str, timeout_s: float) -> None:
    """Question by question; one that fails does not end the conversation."""
    _remember_prompts()
    click.echo("Ask the support bot. Ctrl-D ends the conversation.")
    for text in _prompted():
        try:
            with console().status("…"):
                answer = line.ask(text, session_id, timeout_s)
            _show(answer)
        except TextwireError as error:
            click.secho(str(error), fg="red", err=True)


def _prompted() -> Iterator[str]:
    while True:
        try:
            text = click.prompt("\nyou", default="", show_default=False)
        except click.Abort:  # Ctrl-D or Ctrl-C
            click.echo()
            return
        if text.strip():
            yield text


def _remember_prompts() -> None:
    """Let the arrow keys bring back what was typed, where the system has readline."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401


def _lines() -> Iterator[str]:
    """What is piped in: a question a line."""
    for text in sys.stdin:
        if text.strip():
            yield text


def _show_json(answer: Answer) -> None:
    click.echo(msgspec.json.encode(answer))


def _show(answer: Answer) -> None:
    screen = console()
    outcome, colour = OUTCOMES[answer.outcome]
    screen.print(Text(readable(answer.text)))
    screen.print()
    looked_up = answer.outcome in LOOKED_UP and answer.handoff_reason != "customer_asked"
    sure = f" · confidence {answer.confidence:.0%}" if looked_up else ""
    screen.print(Text(f"{outcome}{sure}", style=colour))
    for choice in answer.choices:
        screen.print(Text(f"  · {readable(choice)}"))
    for number, source in enumerate(answer.sources, start=1):
        screen.print(_as_line(number, source))


def _as_line(number: int, source: Source) -> Text:
    title = readable(source.title or source.text.partition("\n")[0][:SOURCE_CHARS])
    where = readable(source.url or source.passage_id)
    return Text.assemble(f"  [{number}] {title} ", (f"{where} · {source.score:.2f}", "dim"))
