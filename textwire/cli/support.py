"""What support QA remembers of a conversation."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click
from rich.text import Text

from textwire.cli._console import console
from textwire.cli._retention import told_retention
from textwire.stream.readable import readable
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_HANDOFFS, SUPPORT_QUESTIONS
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.results.redis import RedisResults

HOLD_SESSIONS: tuple[Topic, ...] = (SUPPORT_QUESTIONS, SUPPORT_ANSWERS, SUPPORT_HANDOFFS)


@click.group()
def support() -> None:
    """See and forget the conversation of a session."""


@support.command()
@click.argument("session")
def conversation(session: str) -> None:
    """Show what is remembered of the conversation of SESSION."""
    from textwire.support_qa.results import read_turns

    with closing(_results()) as results:
        turns = read_turns(results, session)
    for turn in turns:
        said = Text.assemble((f"{turn.at:%Y-%m-%d %H:%M:%S} {turn.role:<9}", "dim"), turn.text)
        console().print(Text(readable(said.plain), spans=said.spans), soft_wrap=True)
    if not turns:
        click.echo(f"Nothing is remembered of {readable(session)}.")


@support.command()
@click.argument("session")
def forget(session: str) -> None:
    """Erase what is remembered of SESSION: its turns and its answers.

    They go from Redis at once, whether the service is up or not. What stands on topics goes when
    their retention ends.
    """
    from textwire.support_qa.results import forget_writes

    name = readable(session)
    with closing(_results()) as results:
        erased = forget_writes(results, session)
        results.write(erased)
    if not erased:
        click.echo(f"Nothing is remembered of {name}.")
        return
    click.echo(
        f"Erased the turns and answers of {name} from Redis. A question of theirs that the service "
        "has not come to yet begins them anew: see `textwire support conversation`.\n"
        f"{told_retention(HOLD_SESSIONS)}"
    )


def _results() -> RedisResults:
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults

    return RedisResults.from_url(redis_url())
