"""The bot's knowledge: loading, syncing, listing, exporting, removing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from textwire.cli import _passages
from textwire.cli._compacted_topic import cut
from textwire.cli._console import print_table
from textwire.cli._groups import WholeSentences
from textwire.cli._options import loading_options
from textwire.cli._passages import PASSAGES, chosen, passage_files, remove_chosen
from textwire.stream.readable import readable
from textwire.support_qa.messages import Passage

Command = TypeVar("Command", bound=Callable[..., Any])

source_option = click.option(
    "--source",
    metavar="NAME",
    help="What the files are called as a source.  [default: as rows say, or the file's name]",
)


def choosing_options(command: Command) -> Command:
    """Which passages are meant."""
    tag = click.option("--tag", metavar="TAG", help="Only those with this tag.")
    source = click.option("--source", metavar="NAME", help="Only those of this source.")
    return source(tag(command))


@click.group(cls=WholeSentences)
def knowledge() -> None:
    """Load, sync, list, export and remove what the support bot knows."""


@knowledge.command()
@loading_options(Passage, example="text=Reply")
@source_option
def load(
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    skip_bad: bool,
    id_prefix: str,
    encoding: str | None,
    source: str | None,
) -> None:
    """Load FILES: .csv, .tsv, .xlsx, .jsonl, .json, .parquet, .md, .html, .pdf or .docx.

    Tables and JSON may be packed (.gz). A passage whose id is there already is replaced. A row
    without an id gets one from its content, so that loading a file twice changes nothing; an edited
    one comes beside the old one, which `sync` replaces. Nothing is sent unless every row is good.
    """
    rows = passage_files(files, mapping, source, id_prefix, encoding)
    PASSAGES.load(rows, skip_bad=skip_bad)
    _passages.tell_of_samples()


@knowledge.command()
@loading_options(Passage, example="text=Reply")
@source_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def sync(
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    skip_bad: bool,
    id_prefix: str,
    encoding: str | None,
    source: str | None,
    dry_run: bool,
) -> None:
    """Make what is known of a source equal to FILES.

    What is new or edited is sent, what is gone from the files is removed, and what is the same
    costs nothing. Passages of other sources stay. Several files without --source are a source
    each. With --skip-bad, what a bad row said before is removed.
    """
    rows = passage_files(files, mapping, source, id_prefix, encoding)
    _passages.sync(rows, source, skip_bad=skip_bad, dry_run=dry_run)
    _passages.tell_of_samples()


@knowledge.command("list")
@choosing_options
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, which `load` reads again.")
def list_passages(source: str | None, tag: str | None, as_json: bool) -> None:
    """List passages, by id."""
    passages = chosen(PASSAGES.known(), source, tag)
    if as_json:
        PASSAGES.print_json(passages)
    elif passages:
        headings = ("id", "question or title", "text", "tags", "source")
        print_table(headings, (_as_row(passage) for passage in passages))
        click.echo(PASSAGES.counted(len(passages)), err=True)
    elif source is None and tag is None:
        click.echo("Nothing is known yet. Load something: `textwire knowledge load FILE`.")
    else:
        click.echo("Nothing of that kind is known.")


@knowledge.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@choosing_options
@click.option("--force", is_flag=True, help="Overwrite the file.")
def export(file: Path, source: str | None, tag: str | None, force: bool) -> None:
    """Write passages to FILE (.csv, .tsv, .xlsx or .jsonl), which `load` and `sync` read again."""
    _passages.export(file, source, tag, force=force)


@knowledge.command()
@click.argument("ids", nargs=-1)
@choosing_options
@click.option("--all", "everything", is_flag=True, help="All that is known.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(
    ids: tuple[str, ...], source: str | None, tag: str | None, everything: bool, yes: bool
) -> None:
    """Remove passages by their IDS, by source, by tag, or all.

    All but removing by ids asks first.
    """
    by_kind = source is not None or tag is not None
    if [bool(ids), by_kind, everything].count(True) != 1:
        raise click.UsageError("Name ids, or --source or --tag or both, or --all.")
    if ids:
        PASSAGES.remove(ids)
    else:
        remove_chosen(source, tag, lambda asked: yes or click.confirm(asked, err=True))


def _as_row(passage: Passage) -> list[str]:
    heading = passage.question or passage.title or ""
    tags = ", ".join(passage.tags)
    cells = (passage.id, cut(heading), cut(passage.text), tags, passage.source or "")
    return [readable(cell) for cell in cells]
