"""The broker's topics: what is prepared on a Kafka that `textwire up` did not start."""

from __future__ import annotations

import click

from textwire.cli._groups import WholeSentences
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE
from textwire.wire.registry import TOPICS


@click.group(cls=WholeSentences)
def topics() -> None:
    """Create the topics, and load the sample knowledge once."""


@topics.command()
@click.option(
    "--keep-days",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Keep dead letters for so long, on topics that are there already too.",
)
def create(keep_days: int | None) -> None:
    """Create every topic that is missing, each with the topic of its dead letters.

    Topics that are there already stay as they are, but for --keep-days.
    """
    from textwire.stream.dead_letters.topics import keep_letters_for
    from textwire.stream.kafka.connecting import create_topics

    created = create_topics(TOPICS.values())
    for name in created:
        click.echo(f"Created {name}.")
    if not created:
        click.echo("All topics are there already.")
    if keep_days is not None:
        keep_letters_for(keep_days, TOPICS.values())
        click.echo(f"Dead letters are kept for {keep_days:,} days.")


@topics.command()
@click.pass_context
def seed(ctx: click.Context) -> None:
    """Load the sample knowledge, unless anything was ever loaded.

    So it can be run before every start: what you removed stays removed, and what you loaded of
    your own is not mixed with the samples.
    """
    from textwire.cli.knowledge import load
    from textwire.samples import SAMPLES_SOURCE, samples_dir
    from textwire.stream.kafka.connecting import create_topics

    is_new = SUPPORT_KNOWLEDGE.name in create_topics([SUPPORT_KNOWLEDGE])
    if not is_new and _was_ever_written(SUPPORT_KNOWLEDGE.name):
        click.echo(f"{SUPPORT_KNOWLEDGE.name} was written to before: left as it is.")
        return
    sample = samples_dir() / "support_qa" / "knowledge.jsonl"
    ctx.invoke(load, files=(sample,), source=SAMPLES_SOURCE)


def _was_ever_written(topic: str) -> bool:
    """Removals count: compaction keeps the newest record, a tombstone too."""
    from textwire.stream.clients.reading import TopicReader

    with TopicReader(topic) as reader:
        return bool(reader.last(1))
