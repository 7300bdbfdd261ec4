"""The bot's knowledge: loading, listing, removing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from textwire.cli._console import print_table
from textwire.errors import KnowledgeFileError
from textwire.messages import Passage
from textwire.stream.readable import readable
from textwire.topics import SUPPORT_KNOWLEDGE

if TYPE_CHECKING:
    from textwire.knowledge.columns import Columns
    from textwire.knowledge.listing import Known
    from textwire.knowledge.loading import Screening

PASSAGES_AT_ONCE = 500
TEXT_CHARS = 60


@click.group()
def knowledge() -> None:
    """Load, list and remove what the support bot knows."""


@knowledge.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field, such as text=Answer. Fields: id, question, text, title, "
    "url, tags, language.",
)
@click.option("--skip-bad", is_flag=True, help="Load the good rows, and name the bad ones.")
@click.option("--id-prefix", default="", help="Put before every id, to keep files apart.")
def load(files: tuple[Path, ...], mapping: tuple[str, ...], skip_bad: bool, id_prefix: str) -> None:
    """Load FILES: .jsonl, .csv, .tsv or .md.

    A passage whose id is there already is replaced. A row without an id gets one from its content,
    so that loading a file twice changes nothing. Nothing is sent unless every row is good.
    """
    from textwire.knowledge.columns import Columns
    from textwire.knowledge.loading import Screening

    columns = Columns.parse(Passage, mapping, made_up=("id",))
    paths = list(dict.fromkeys(files))
    screening = Screening(id_prefix)
    for _ in _passages(paths, columns, screening, "Reading"):
        pass
    _judge(screening, skip_bad)
    # Read a second time rather than kept: a file may be larger than memory.
    _send(_passages(paths, columns, Screening(id_prefix), "Sending"))
    _report(screening)


@knowledge.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, which `load` reads again.")
def list_passages(as_json: bool) -> None:
    """List every passage, by id."""
    known = _known()
    if known.unreadable:
        click.echo(f"{known.unreadable:,} records are no passages: not listed.", err=True)
    if as_json:
        for passage in known.passages:
            click.echo(msgspec.json.encode(passage))
    elif known.passages:
        _show(known.passages)
    else:
        click.echo("Nothing is known yet. Load something: `textwire knowledge load FILE`.")


@knowledge.command()
@click.argument("ids", nargs=-1, required=True)
def remove(ids: tuple[str, ...]) -> None:
    """Remove passages by their IDS."""
    from textwire.stream.sender import Sender

    known = {passage.id for passage in _known().passages}
    unknown = [name for name in ids if name not in known]
    if unknown:
        raise KnowledgeFileError(
            f"There is no passage {', '.join(unknown)}, so nothing was removed. "
            "See `textwire knowledge list`."
        )
    with closing(Sender("textwire knowledge")) as sender:
        sender.delete(SUPPORT_KNOWLEDGE, list(ids))
    click.echo(f"Removed {_counted(len(set(ids)))}.")


def _passages(
    paths: list[Path], columns: Columns, screening: Screening, doing: str
) -> Iterator[Passage]:
    from textwire.cli._progress import watched
    from textwire.knowledge.files import read_rows
    from textwire.knowledge.lines import check_file

    for path in paths:
        check_file(path)
    with watched(doing, sum(path.stat().st_size for path in paths)) as advance:
        for path in paths:
            yield from screening.let_through(path, read_rows(path, columns, advance))


def _judge(screening: Screening, skip_bad: bool) -> None:
    if not skip_bad:
        screening.bad.refuse()
    if screening.bad.count:
        click.echo(f"Passed over {screening.bad.count:,} bad rows:\n{screening.bad}", err=True)
    if not screening.passages:
        raise KnowledgeFileError("There is no passage in it, so nothing was sent.")


def _send(passages: Iterator[Passage]) -> None:
    from textwire.stream.kafka import create_topics
    from textwire.stream.pacing import in_groups
    from textwire.stream.sender import BULK_LINGER_MS, Sender

    create_topics([SUPPORT_KNOWLEDGE])
    with closing(Sender("textwire knowledge", linger_ms=BULK_LINGER_MS)) as sender:
        for group in in_groups(passages, PASSAGES_AT_ONCE):
            sender.send_all(SUPPORT_KNOWLEDGE, list(group))


def _report(screening: Screening) -> None:
    repeats = f"; {screening.repeats:,} exact repeats were left out" if screening.repeats else ""
    click.echo(f"Loaded {_counted(screening.passages)}{repeats}.")


def _known() -> Known:
    from textwire.knowledge.listing import known_passages
    from textwire.stream.reading import read_to_end

    return known_passages(read_to_end(SUPPORT_KNOWLEDGE.name))


def _show(passages: list[Passage]) -> None:
    headings = ("id", "question or title", "text", "tags")
    print_table(headings, (_as_row(passage) for passage in passages))
    click.echo(_counted(len(passages)), err=True)


def _as_row(passage: Passage) -> list[str]:
    heading = passage.question or passage.title or ""
    cells = (passage.id, _cut(heading), _cut(passage.text), ", ".join(passage.tags))
    return [readable(cell) for cell in cells]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARS else f"{line[:TEXT_CHARS]}…"


def _counted(count: int) -> str:
    return "1 passage" if count == 1 else f"{count:,} passages"
