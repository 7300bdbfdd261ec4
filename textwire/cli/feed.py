"""Feeding topics: with the sample world, with rows of a file, or with feeds of news."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwire.cli._groups import WholeSentences
from textwire.cli._options import replaying_options
from textwire.errors import UnknownTopic
from textwire.wire.registry import TOPICS
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.stream.clients.sender import Sender

PARTS = ("support-qa", "sentiment-alerts", "recommendations")
FORMER_NAMES = {"support": "support-qa", "news": "sentiment-alerts", "shop": "recommendations"}


class PartName(click.Choice[str]):
    """An application's name; a former one is understood, and the new one told."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that is used now."""
        name = FORMER_NAMES.get(value, value)
        if name != value:
            click.echo(f"`{value}` is now `{name}`.", err=True)
        return super().convert(name, param, ctx)


@click.group(cls=WholeSentences)
def feed() -> None:
    """Send the sample world, the rows of a file, or feeds of news to topics."""


@feed.command()
@click.option("--only", multiple=True, type=PartName(PARTS), help="Only for this application.")
@click.option(
    "--per-minute",
    type=click.FloatRange(min=0, min_open=True),
    help="Questions a minute, on average.  [default: stack.samples_per_minute]",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=1),
    help="How many times as fast as ours the world's time goes, until it has caught up.  "
    "[default: stack.samples_speed]",
)
@click.option(
    "--head-start",
    type=click.FloatRange(min=0),
    metavar="HOURS",
    help="How much of a new world is sent at once.  [default: stack.samples_head_start_hours]",
)
@click.option("--once", is_flag=True, help="One round of everything, and not for ever.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another order.")
def samples(
    only: tuple[str, ...],
    per_minute: float | None,
    speed: float | None,
    head_start: float | None,
    once: bool,
    seed: int,
) -> None:
    """Send the sample world: customers' questions, three days of news, a shop and its shoppers.

    The world begins three days ago and hurries until it has caught up with our time. A feed that
    starts again goes on where the last one stopped.
    """
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults
    from textwire.sample_world.feeding import PARTS as ALL
    from textwire.sample_world.feeding import WorldSettings, feed_world
    from textwire.samples import samples_dir
    from textwire.settings import StackSettings, load

    usual = load(StackSettings)
    settings = WorldSettings(
        parts=[part for part in ALL if part in (only or PARTS)],
        per_minute=per_minute or usual.samples_per_minute,
        speed=speed or usual.samples_speed,
        head_start=timedelta(
            hours=usual.samples_head_start_hours if head_start is None else head_start
        ),
        once=once,
        seed=seed,
    )
    click.echo(
        f"Sending the sample world ({', '.join(settings.parts)}): {settings.per_minute:g} "
        f"questions a minute, its time {settings.speed:g} times as fast as ours."
    )
    store = RedisResults.from_url(redis_url())
    with closing(store), closing(_sender()) as sender, suppress(KeyboardInterrupt):
        feed_world(samples_dir(), settings, sender, store, lambda text: click.echo(text, err=True))


@feed.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--once", is_flag=True, help="Ask each feed once, whenever it was asked last.")
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(min=10),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="How often a feed is asked; more seldom where its ttl says so, or it fails.",
)
@click.option("--zone", default="UTC", show_default=True, help="Of times that name none.")
@click.option(
    "--state",
    "state_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Remember in this file how far feeds were read.  [default: in Redis]",
)
@click.option("--allow-private", is_flag=True, help="Ask hosts that are not on the open web too.")
@click.option(
    "--max-mb",
    type=click.FloatRange(min=0.001),
    default=10.0,
    show_default=True,
    help="Of one feed, unpacked.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0.1),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="For one feed, all redirects included.",
)
@click.option(
    "--host-delay",
    "host_delay_s",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Between two feeds of one host.",
)
@click.option("--port", type=int, help="Serve /livez, /readyz and /metrics here.")
def rss(
    sources: tuple[str, ...],
    once: bool,
    every_s: float,
    zone: str,
    state_file: Path | None,
    allow_private: bool,
    max_mb: float,
    timeout_s: float,
    host_delay_s: float,
    port: int | None,
) -> None:
    """Send what is new of the feeds SOURCES (RSS, Atom, JSON Feed) to news.articles.

    SOURCES are addresses, or files of them: an address a line and after a space the source's name,
    or OPML. A feed that fails stops no other; one that fails or is silent for long is told of on
    news.feeds, and becomes an alert.
    """
    from textwire.cli._feeds import Reading, read_feeds

    read_feeds(
        sources,
        Reading(
            once=once,
            every_s=every_s,
            zone=zone,
            state_file=state_file,
            allow_private=allow_private,
            max_bytes=int(max_mb * 1_000_000),
            timeout_s=timeout_s,
            host_delay_s=host_delay_s,
            port=port,
        ),
        _sender,
    )


@feed.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--topic", "topic_name", required=True, help="Where to send.")
@replaying_options(example="text=Question")
def replay(
    file: Path,
    topic_name: str,
    mapping: tuple[str, ...],
    limit: int | None,
    rate: str | None,
    speed: float | None,
    skip_bad: bool,
) -> None:
    """Send the rows of FILE (.jsonl, .csv, .tsv, also packed, .gz; .parquet) as messages.

    Of recs.events, a row without a user id is a guest's, by the e-mail, client, session, cart or
    order that it names. A row without a session_id gets one of its own. A time without a zone is
    taken to be UTC. Nothing is sent unless every row is good.
    """
    from textwire.cli._pacing import pace_of
    from textwire.cli._replaying import FileOfRows, replay_rows
    from textwire.rows.columns import Columns

    topic = _topic(topic_name)
    pace = pace_of(topic, rate, speed)
    columns = Columns.parse(topic.message, mapping, made_up=("session_id",))
    replay_rows(FileOfRows(file, topic, columns, limit), pace, _sender, skip_bad=skip_bad)


def _sender(linger_ms: int = 0) -> Sender:
    from textwire.stream.clients.sender import Sender
    from textwire.stream.kafka.connecting import create_topics

    create_topics(TOPICS.values())
    return Sender("textwire feed", linger_ms=linger_ms)


def _topic(name: str) -> Topic:
    if name not in TOPICS:
        ours = ", ".join(one.name for one in TOPICS.values() if not one.is_written_by_services)
        raise UnknownTopic(f"There is no topic {name} to send to. Services read {ours}.")
    return TOPICS[name]
