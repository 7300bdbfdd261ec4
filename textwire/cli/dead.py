"""Dead letters: records that could not be used."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click
import msgspec
from rich.text import Text

from textwire.cli._console import console, print_table
from textwire.cli._groups import WholeSentences
from textwire.cli._purging import purge
from textwire.cli._skipping import skip
from textwire.errors import RecordRejected
from textwire.stream.dead_letters.letters import (
    AT,
    ERROR,
    OURS,
    REASON,
    SERVICE,
    SOURCE_OFFSET,
    SOURCE_PARTITION,
)
from textwire.stream.dead_letters.replaying import (
    DEAD,
    dead_topic,
    replay_count,
    replayed,
    source_topic,
    whole_bytes,
)
from textwire.stream.readable import readable_bytes, readable_time, readable_value

if TYPE_CHECKING:
    from textwire.wire.record import Record

VALUE_CHARS = 4_000


@click.group(cls=WholeSentences)
def dead() -> None:
    """List, show, replay, skip, purge records that could not be used."""


dead.add_command(purge)
dead.add_command(skip)


@dead.command("list")
@click.argument("topic", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a dead letter.")
def list_letters(topic: str | None, as_json: bool) -> None:
    """List the dead letters of TOPIC, or of all topics."""
    from textwire.stream.clients.reading import read_to_end, topic_names

    names = [dead_topic(topic)] if topic else [n for n in topic_names() if n.endswith(DEAD)]
    letters = [letter for name in names for letter in read_to_end(name)]
    if as_json:
        for letter in letters:
            click.echo(msgspec.json.encode(_summary(letter)))
    elif letters:
        _show_list(letters)
    else:
        click.echo("There are no dead letters.")


@dead.command()
@click.argument("topic")
@click.argument("offset", type=click.IntRange(min=0))
@click.option("--full", is_flag=True, help="The whole value, however long.")
@click.option("--raw", is_flag=True, help="Only the value, byte for byte.")
def show(topic: str, offset: int, full: bool, raw: bool) -> None:
    """Show the dead letter of TOPIC at OFFSET, as `dead list` names it."""
    letter = _letters(dead_topic(topic), (offset,))[0]
    if raw:
        click.echo(letter.value or b"", nl=False)
        return
    screen = console()
    for name, value in _summary(letter).items():
        screen.print(Text.assemble((f"{name}: ", "dim"), str(value)), soft_wrap=True)
    for name, content in letter.headers.items():
        if name not in OURS:
            screen.print(Text(f"header {name}: {readable_bytes(content)}"), soft_wrap=True)
    screen.print()
    screen.print(Text(readable_value(letter.value, None if full else VALUE_CHARS)), soft_wrap=True)


@dead.command()
@click.argument("topic")
@click.argument("offsets", nargs=-1, type=click.IntRange(min=0))
def replay(topic: str, offsets: tuple[int, ...]) -> None:
    """Send dead letters of TOPIC back to where they came from: those at OFFSETS, or all.

    They stay among the dead letters; a header counts how often each was sent back.
    """
    from textwire.stream.clients.reading import read_to_end
    from textwire.stream.clients.sender import Sender

    name = dead_topic(topic)
    letters = _letters(name, offsets) if offsets else list(read_to_end(name))
    if not letters:
        click.echo(f"There are no dead letters in {name}.")
        return
    with closing(Sender("textwire dead")) as sender:
        sender.write([replayed(letter) for letter in letters])
    for goal in sorted({source_topic(letter) for letter in letters}):
        count = sum(source_topic(letter) == goal for letter in letters)
        click.echo(f"Sent {count:,} back to {goal}.")


def _letters(name: str, offsets: tuple[int, ...]) -> list[Record]:
    """The letters at all these offsets.

    Raises: RecordRejected: there is none at one of them.
    """
    from textwire.stream.clients.reading import read_to_end

    wanted = dict.fromkeys(offsets)
    there = {letter.offset: letter for letter in read_to_end(name) if letter.offset in wanted}
    missing = [str(offset) for offset in wanted if offset not in there]
    if missing:
        raise RecordRejected(
            f"{name} has no dead letter at offset {', '.join(missing)}. "
            f"See `textwire dead list {name}`."
        )
    return [there[offset] for offset in wanted]


def _summary(letter: Record) -> dict[str, object]:
    return {
        "topic": letter.partition.topic,
        "offset": letter.offset,
        "at": _header(letter, AT) or readable_time(letter),
        "reason": _header(letter, REASON),
        "error": _header(letter, ERROR),
        "service": _header(letter, SERVICE),
        "came_from": _origin(letter),
        "key": None if letter.key is None else readable_bytes(letter.key),
        "bytes": whole_bytes(letter),
        "replays": replay_count(letter),
    }


def _origin(letter: Record) -> str:
    place = f"{_header(letter, SOURCE_PARTITION)}/{_header(letter, SOURCE_OFFSET)}"
    return f"{source_topic(letter)} {place}"


def _header(letter: Record, name: str) -> str:
    return readable_bytes(letter.headers.get(name, b""))


def _show_list(letters: list[Record]) -> None:
    columns = ("topic", "offset", "at", "reason", "came_from", "bytes", "replays")
    rows = (_summary(letter) for letter in letters)
    print_table(columns, ([str(row[name]) for name in columns] for row in rows))
