"""The bot's knowledge: loading, listing, removing."""

from __future__ import annotations

from pathlib import Path

import click

from textwire.cli._compacted_topic import CompactedTopic, cut
from textwire.cli._console import print_table
from textwire.cli._options import loading_options
from textwire.stream.readable import readable
from textwire.support_qa.messages import Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE

PASSAGES = CompactedTopic(SUPPORT_KNOWLEDGE, Passage, "textwire knowledge", "passage")


@click.group()
def knowledge() -> None:
    """Load, list and remove what the support bot knows."""


@knowledge.command()
@loading_options(Passage, example="text=Answer")
def load(files: tuple[Path, ...], mapping: tuple[str, ...], skip_bad: bool, id_prefix: str) -> None:
    """Load FILES: .jsonl, .csv, .tsv, .parquet or .md.

    A passage whose id is there already is replaced. A row without an id gets one from its content,
    so that loading a file twice changes nothing. Nothing is sent unless every row is good.
    """
    PASSAGES.load(files, mapping, skip_bad=skip_bad, id_prefix=id_prefix)


@knowledge.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, which `load` reads again.")
def list_passages(as_json: bool) -> None:
    """List every passage, by id."""
    if as_json:
        PASSAGES.print_json()
    elif passages := PASSAGES.known():
        headings = ("id", "question or title", "text", "tags")
        print_table(headings, (_as_row(passage) for passage in passages))
        click.echo(PASSAGES.counted(len(passages)), err=True)
    else:
        click.echo("Nothing is known yet. Load something: `textwire knowledge load FILE`.")


@knowledge.command()
@click.argument("ids", nargs=-1, required=True)
def remove(ids: tuple[str, ...]) -> None:
    """Remove passages by their IDS."""
    PASSAGES.remove(ids)


def _as_row(passage: Passage) -> list[str]:
    heading = passage.question or passage.title or ""
    cells = (passage.id, cut(heading), cut(passage.text), ", ".join(passage.tags))
    return [readable(cell) for cell in cells]
