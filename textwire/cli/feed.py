"""Feeding topics: with the sample questions, or with rows of a file."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from textwire.errors import KnowledgeFileError, RecordRejected, Unavailable, UnknownTopic
from textwire.topics import SUPPORT_QUESTIONS, TOPICS, Topic

if TYPE_CHECKING:
    from textwire.knowledge.bad_rows import BadRows
    from textwire.knowledge.columns import Columns
    from textwire.knowledge.rows import Row
    from textwire.messages import Message, Question
    from textwire.sample_questions import Conversation
    from textwire.stream.sender import Sender

TRY_AGAIN_S = 5.0


@click.group()
def feed() -> None:
    """Send sample questions, or the rows of a file, to a topic."""


@feed.command()
@click.option(
    "--per-minute",
    type=click.FloatRange(min=0, min_open=True),
    help="Questions a minute, on average.  [default: stack.samples_per_minute]",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    help="So many times faster than that.",
)
@click.option("--once", is_flag=True, help="Each conversation once, and not for ever.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another order.")
def samples(per_minute: float | None, speed: float, once: bool, seed: int) -> None:
    """Ask the sample questions as customers would: at random moments, with follow-ups."""
    from textwire.sample_questions import sample_conversations, shuffled_for_ever
    from textwire.samples import samples_dir
    from textwire.settings import StackSettings, load
    from textwire.stream.pacing import as_arrivals

    pace = (per_minute or load(StackSettings).samples_per_minute) * speed
    conversations = sample_conversations(samples_dir() / "support")
    random = Random(seed)  # noqa: S311 - an order, and no secret
    endless = shuffled_for_ever(conversations, random)
    asked = _questions(islice(endless, len(conversations)) if once else endless)
    click.echo(f"Asking {len(conversations):,} sample conversations, {pace:g} questions a minute.")
    with closing(_sender()) as sender, suppress(KeyboardInterrupt):
        for question in as_arrivals(asked, pace / 60, random):
            _send_patiently(sender, question)


@feed.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--topic", "topic_name", required=True, help="Where to send.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field of the topic's messages, such as text=Question.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many rows.")
@click.option("--rate", default="max", show_default=True, help="Rows a second, or max.")
@click.option("--skip-bad", is_flag=True, help="Send the good rows, and name the bad ones.")
def replay(
    file: Path,
    topic_name: str,
    mapping: tuple[str, ...],
    limit: int | None,
    rate: str,
    skip_bad: bool,
) -> None:
    """Send the rows of FILE (.jsonl, .csv, .tsv) as messages.

    A row without a session_id gets one of its own. Nothing is sent unless every row is good.
    """
    from textwire.cli._progress import watched
    from textwire.knowledge.bad_rows import BadRows
    from textwire.knowledge.columns import Columns
    from textwire.stream.pacing import at_rate, in_groups
    from textwire.stream.sender import BULK_LINGER_MS

    topic = _topic(topic_name)
    per_second = _rate(rate)
    columns = Columns.parse(topic.message, mapping, made_up=("session_id",))
    bad = BadRows()
    count = sum(1 for _ in islice(_messages(file, columns, bad), limit))
    _judge(bad, count, skip_bad)
    messages = islice(_messages(file, columns, BadRows()), limit)
    groups = at_rate(messages, per_second) if per_second else in_groups(messages)
    started_s = time.monotonic()
    with closing(_sender(BULK_LINGER_MS)) as sender, watched("Sending", count) as advance:
        for group in groups:
            sender.send_all(topic, group)
            advance(len(group))
    took_s = time.monotonic() - started_s
    click.echo(f"Sent {count:,} to {topic.name} in {took_s:.1f} s ({count / took_s:,.0f}/s).")


def _questions(conversations: Iterable[Conversation]) -> Iterator[Question]:
    from textwire.messages import Question

    run = secrets.token_hex(3)  # sessions of another run are other customers
    for number, texts in enumerate(conversations, start=1):
        session_id = f"sample-{run}-{number}"
        for turn, text in enumerate(texts, start=1):
            yield Question(id=f"{session_id}-{turn}", session_id=session_id, text=text)


def _sender(linger_ms: int = 0) -> Sender:
    from textwire.stream.kafka import create_topics
    from textwire.stream.sender import Sender

    create_topics(TOPICS.values())
    return Sender("textwire feed", linger_ms=linger_ms)


def _send_patiently(sender: Sender, question: Question) -> None:
    """Until the broker has it: the stream outlives a restart of the broker."""
    while True:
        try:
            return sender.send(SUPPORT_QUESTIONS, question)
        except Unavailable as error:
            click.echo(f"{error} Trying again.", err=True)
            time.sleep(TRY_AGAIN_S)


def _messages(file: Path, columns: Columns, bad: BadRows) -> Iterator[Message]:
    from textwire.knowledge.bad_rows import Place
    from textwire.knowledge.files import read_rows
    from textwire.knowledge.rows import BadRow

    run = secrets.token_hex(3)
    for row in read_rows(file, columns):
        place = Place(file, row.line)
        if isinstance(row, BadRow):
            bad.add(place, row.reason)
            continue
        try:
            yield _message(row, columns, f"replay-{run}-{row.line}")
        except RecordRejected as rejected:
            bad.add(place, str(rejected))


def _message(row: Row, columns: Columns, session_id: str) -> Message:
    from textwire.knowledge.rows import as_message

    own = {"session_id": session_id} if "session_id" in columns.fields else {}
    return as_message({**own, **row.fields}, columns.kind, strict=False)


def _judge(bad: BadRows, count: int, skip_bad: bool) -> None:
    if not skip_bad:
        bad.refuse()
    if bad.count:
        click.echo(f"Passed over {bad.count:,} bad rows:\n{bad}", err=True)
    if not count:
        raise KnowledgeFileError("There is no row in it that can be sent.")


def _topic(name: str) -> Topic:
    if name not in TOPICS:
        raise UnknownTopic(f"There is no topic {name} to send to. There are: {', '.join(TOPICS)}.")
    return TOPICS[name]


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
