"""Feeding topics: with the sample world, with rows of a file, or with feeds of news."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from textwire.cli._groups import WholeSentences
from textwire.cli._options import replaying_options
from textwire.errors import DataFileError, RecordRejected, UnknownTopic
from textwire.wire.registry import TOPICS
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.rows.bad_rows import BadRows
    from textwire.rows.columns import Columns
    from textwire.rows.row import Row
    from textwire.stream.clients.sender import Sender
    from textwire.wire.message import Message

PARTS = ("support-qa", "sentiment-alerts", "recommendations")
FORMER_NAMES = {"support": "support-qa", "news": "sentiment-alerts", "shop": "recommendations"}
Pace: TypeAlias = "Callable[[Iterable[Message]], Iterator[list[Message]]]"


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
    from textwire.cli._progress import watched
    from textwire.rows.bad_rows import BadRows
    from textwire.rows.columns import Columns
    from textwire.rows.row import unheard
    from textwire.stream.clients.sender import BULK_LINGER_MS
    from textwire.wire.guests import counted_guests, told_guests

    topic = _topic(topic_name)
    pace = _pace(topic, rate, speed)
    columns = Columns.parse(topic.message, mapping, made_up=("session_id",))
    bad = BadRows()
    remarks: list[str] = []
    count = 0
    item_ids: Counter[str] = Counter()
    measure = topic.message.measured_by() if topic.message.measured_by else None
    for message in islice(_messages(file, columns, bad, remarks.append), limit):
        count += 1
        if measure is not None:
            measure.see(message)
        if item_id := getattr(message, "item_id", None):
            item_ids[item_id] += 1
    if measure is not None and measure.told:
        remarks.append(f"{file}: {measure.told}")
    for remark in dict.fromkeys(remarks):
        click.echo(remark, err=True)
    _judge(bad, count, skip_bad)
    _doubt(topic, item_ids)
    guests: Counter[str] = Counter()
    again = islice(_messages(file, columns, BadRows(), unheard), limit)
    meant = again if measure is None else map(measure.put_right, again)
    messages = counted_guests(meant, guests)
    started_s = time.monotonic()
    with closing(_sender(BULK_LINGER_MS)) as sender, watched("Sending", count) as advance:
        for group in pace(messages):
            sender.send_all(topic, group)
            advance(len(group))
    took_s = time.monotonic() - started_s
    if guests:
        click.echo(told_guests(guests), err=True)
    click.echo(f"Sent {count:,} to {topic.name} in {took_s:.1f} s ({count / took_s:,.0f}/s).")


def _sender(linger_ms: int = 0) -> Sender:
    from textwire.stream.clients.sender import Sender
    from textwire.stream.kafka.connecting import create_topics

    create_topics(TOPICS.values())
    return Sender("textwire feed", linger_ms=linger_ms)


def _messages(
    file: Path, columns: Columns, bad: BadRows, tell: Callable[[str], None]
) -> Iterator[Message]:
    from textwire.rows.bad_rows import Place
    from textwire.rows.files import read_rows
    from textwire.rows.row import BadRow, Reading

    run = secrets.token_hex(3)
    for row in read_rows(file, columns, Reading(tell=tell)):
        place = Place(file, row.line, row.where)
        if isinstance(row, BadRow):
            bad.add(place, row.reason)
            continue
        try:
            yield _message(row, columns, f"replay-{run}-{row.line}")
        except RecordRejected as rejected:
            bad.add(place, str(rejected))


def _message(row: Row, columns: Columns, session_id: str) -> Message:
    from textwire.rows.row import as_message
    from textwire.rows.tidying import tidied

    own = {"session_id": session_id} if "session_id" in columns.fields else {}
    # Texts are sent as they stand: what is wrong with them is the service's to say.
    fields = tidied(row.fields, columns.kind, strip=False)
    return as_message(own | fields, columns.kind, strict=False)


def _judge(bad: BadRows, count: int, skip_bad: bool) -> None:
    if not skip_bad:
        bad.refuse()
    if bad.count:
        click.echo(f"Passed over {bad.count:,} bad rows:\n{bad}", err=True)
    if not count:
        raise DataFileError("There is no row in it that can be sent.")


def _doubt(topic: Topic, item_ids: Counter[str]) -> None:
    """Tell where events name items that the catalogue does not have."""
    from textwire.cli.recs import ITEMS
    from textwire.recommendations.catalogue.unknown_ids import told_unknown
    from textwire.recommendations.topics import RECS_EVENTS

    if topic is RECS_EVENTS and (doubt := told_unknown(item_ids, ITEMS.known_so_far())):
        click.echo(doubt, err=True)


def _topic(name: str) -> Topic:
    if name not in TOPICS:
        ours = ", ".join(one.name for one in TOPICS.values() if not one.is_written_by_services)
        raise UnknownTopic(f"There is no topic {name} to send to. Services read {ours}.")
    return TOPICS[name]


def _pace(topic: Topic, rate: str | None, speed: float | None) -> Pace:
    """How messages are put into groups, each of which comes when it is due."""
    from textwire.stream.pacing import at_rate, by_time, in_groups

    if speed is not None:
        if rate is not None:
            raise click.UsageError("--rate and --speed both say when a row is sent: give one.")
        if topic.message.time_field is None:
            raise click.UsageError(f"Messages of {topic.name} have no time to go by: use --rate.")
        return lambda messages: by_time(messages, lambda m: m.happened_at, speed)
    per_second = _rate(rate or "max")
    if per_second is None:
        return in_groups
    return lambda messages: at_rate(messages, per_second)


def _rate(text: str) -> float | None:
    """Rows a second; None is as fast as they are taken."""
    if text == "max":
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not rate > 0:
        raise click.BadParameter(
            f"{text!r} is neither a number above 0 nor max.", param_hint="--rate"
        )
    return rate
