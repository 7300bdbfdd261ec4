"""Watching a topic."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.text import Text

from textwire.cli._console import console
from textwire.stream.readable import (
    NO_SUCH_TIME,
    readable_bytes,
    readable_time,
    readable_value,
)
from textwire.undecodable import NOT_DECODABLE

if TYPE_CHECKING:
    from textwire.stream.clients.reading import TopicReader
    from textwire.wire.record import Record


@click.command()
@click.argument("topic")
@click.option(
    "-n", "last", type=click.IntRange(min=1), help="First the last N records of each partition."
)
@click.option("--from-beginning", is_flag=True, help="First everything that is there.")
@click.option("--until-now", is_flag=True, help="End at what is there, and wait for no more.")
@click.option("--key", help="Only records with this key.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a record.")
@click.option("--raw", is_flag=True, help="Only the values, as they are, one a line.")
@click.option("--headers", is_flag=True, help="Show headers too.")
@click.option(
    "--read-uncommitted", is_flag=True, help="Also what belongs to open and aborted transactions."
)
def tail(
    topic: str,
    last: int | None,
    from_beginning: bool,
    until_now: bool,
    key: str | None,
    as_json: bool,
    raw: bool,
    headers: bool,
    read_uncommitted: bool,
) -> None:
    """Show what passes on a topic, from now on; Ctrl-C ends it."""
    from textwire.stream.clients.reading import TopicReader

    if as_json and raw:
        raise click.UsageError("--json and --raw exclude each other.")
    if last and from_beginning:
        raise click.UsageError("-n and --from-beginning exclude each other.")
    show = _show_json if as_json else _show_raw if raw else _shower(console(), headers)
    reader = TopicReader(topic, committed_only=not read_uncommitted)
    with reader, suppress(KeyboardInterrupt):
        for record in _records(reader, last, from_beginning, until_now):
            if key is None or record.key == key.encode():
                show(record)


def _records(
    reader: TopicReader, last: int | None, from_beginning: bool, until_now: bool
) -> Iterator[Record]:
    if last:
        yield from reader.last(last)
    elif not from_beginning:
        reader.skip_to_end()
    yield from reader.to_end() if until_now else reader.follow()


def _shower(screen: Console, with_headers: bool) -> Callable[[Record], None]:
    def show(record: Record) -> None:
        screen.print(_heading(record))
        for name, value in record.headers.items() if with_headers else ():
            screen.print(Text(f"{name}: {readable_bytes(value)}", style="dim"))
        told = record.unreadable or readable_value(record.value)
        screen.print(Text(told), soft_wrap=True)

    return show


def _heading(record: Record) -> Text:
    place = f"{record.partition.number}/{record.offset}"
    key = "no key" if record.key is None else f"key {readable_bytes(record.key)}"
    return Text.assemble((readable_time(record), "cyan"), f"  {place}  ", (key, "bold"))


def _show_json(record: Record) -> None:
    shown = {
        "topic": record.partition.topic,
        "partition": record.partition.number,
        "offset": record.offset,
        "at": _moment(record),
        "key": None if record.key is None else _as_text(record.key),
        "headers": {name: _as_text(value) for name, value in record.headers.items()},
        **({"unreadable": record.unreadable} if record.unreadable else _value(record.value)),
    }
    click.echo(msgspec.json.encode(shown))


def _moment(record: Record) -> datetime | None:
    with suppress(*NO_SUCH_TIME):
        return record.at
    return None


def _value(value: bytes | None) -> dict[str, object]:
    if value is None:
        return {"value": None}
    try:
        return {"value": msgspec.json.decode(value)}
    except NOT_DECODABLE:
        return {"value_base64": base64.b64encode(value).decode("ascii")}


def _as_text(value: bytes) -> str:
    return value.decode("utf-8", errors="backslashreplace")


def _show_raw(record: Record) -> None:
    click.echo(record.value or b"")
