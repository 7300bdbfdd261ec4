"""What support QA remembers of a conversation."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click
from rich.text import Text

from textwire.cli._console import console
from textwire.cli._erasing import erase_letters, erase_published
from textwire.cli._groups import WholeSentences
from textwire.cli._retention import topics_retention
from textwire.stream.readable import readable
from textwire.support_qa.topics import (
    SUPPORT_ANSWERS,
    SUPPORT_FEEDBACK,
    SUPPORT_HANDOFFS,
    SUPPORT_QUESTIONS,
    SUPPORT_REPLIES,
)
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.results.redis import RedisResults

WRITTEN_BY_OTHERS: tuple[Topic, ...] = (SUPPORT_QUESTIONS, SUPPORT_REPLIES, SUPPORT_FEEDBACK)
HOLD_SESSIONS: tuple[Topic, ...] = (*WRITTEN_BY_OTHERS, SUPPORT_ANSWERS, SUPPORT_HANDOFFS)
# The groups that read them, by name.
READERS: dict[str, tuple[Topic, ...]] = {
    "support-qa": (SUPPORT_QUESTIONS,),
    "support-desk": (SUPPORT_REPLIES, SUPPORT_FEEDBACK),
}


@click.group(cls=WholeSentences)
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
        if not turn.text:  # the bot kept quiet beside a colleague
            continue
        who = turn.by or turn.role
        said = Text.assemble((f"{turn.at:%Y-%m-%d %H:%M:%S} {who:<9}", "dim"), turn.text)
        console().print(Text(readable(said.plain), spans=said.spans), soft_wrap=True)
    if not turns:
        click.echo(f"Nothing is remembered of {readable(session)}.")


@support.command()
@click.argument("session")
def forget(session: str) -> None:
    """Erase what is kept of SESSION: from Redis, and the dead letters of its records.

    From Redis it goes at once, whether the service is up or not; with the broker away all else
    stays, and it has to be run again. What stands on topics goes when their retention ends.
    """
    from textwire.support_qa.desk_results import forget_handoff_writes, read_handoff
    from textwire.support_qa.feedback_results import forget_feedback_writes
    from textwire.support_qa.knowledge_results import forget_unanswered_writes
    from textwire.support_qa.results import forget_writes

    name = readable(session)
    with closing(_results()) as results:
        handed_over = read_handoff(results, session)
        erased = [
            *forget_feedback_writes(results, session),
            *forget_unanswered_writes(results, session),
            *forget_writes(results, session),
        ]
        results.write([*erased, *forget_handoff_writes(session)])
        if erased or handed_over:
            click.echo(
                f"Erased the turns, answers, handoff and feedback of {name} from Redis. A question "
                "of theirs that the service has not come to yet begins them anew: see `textwire "
                "support conversation`."
            )
        else:
            click.echo(f"Nothing is remembered of {name}.")
        waiting = erase_published(results, session, READERS)
    letters = erase_letters(session, WRITTEN_BY_OTHERS)
    if waiting:
        click.echo(
            f"{waiting:,} messages about {name} are stored and not published yet: they go with the "
            "next batch of their partition. Run this again when the service has done it."
        )
    if letters:
        click.echo(f"Deleted {letters:,} dead letters of {name}.")
    click.echo(f"{topics_retention(HOLD_SESSIONS)}.")


def _results() -> RedisResults:
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults

    return RedisResults.from_url(redis_url())
