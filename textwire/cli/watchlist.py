"""The companies whose news are watched: loading, adding, removing, listing, exporting."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from textwire.cli._compacted_topic import CompactedTopic
from textwire.cli._console import print_table
from textwire.cli._groups import WholeSentences
from textwire.errors import DataFileError
from textwire.sentiment_alerts.topics import NEWS_WATCHLIST
from textwire.sentiment_alerts.watchlist import (
    WatchedCompany,
    check_names_differ,
    read_watchlist,
    wrong_length,
)
from textwire.stream.readable import readable

COMPANIES = CompactedTopic(
    NEWS_WATCHLIST, WatchedCompany, "textwire watchlist", "company", "companies"
)
HEADINGS = ("name", "ticker", "also called", "only near", "not in", "sector")


@click.group(cls=WholeSentences)
def watchlist() -> None:
    """Load, edit, list and export the companies that are watched."""


@watchlist.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Watch no other companies any more.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field, such as name=Issuer.",
)
def load(file: Path, replace: bool, mapping: tuple[str, ...]) -> None:
    """Watch the companies of FILE (.jsonl, .csv, .tsv, .xlsx or .parquet).

    Columns are found by the names that brokers and sheets give them; a cell holds several aliases
    between `|`, `;` or commas. A company of the same name is replaced. Nothing is sent unless every
    row is good and a name means one company.
    """
    new = {one.name: one for one in read_watchlist(file, mapping)}
    known = {one.name: one for one in _known()}
    gone = sorted(known.keys() - new.keys()) if replace else []
    _send([*new.values()], known, gone)
    click.echo(f"Loaded {COMPANIES.counted(len(new))}{_removed(gone)}.")


@watchlist.command()
@click.argument("name")
@click.option("--ticker", help="As exchanges write it, without a dollar.")
@click.option("--alias", "aliases", multiple=True, help="What else it is called.")
@click.option("--context", multiple=True, help="Words of which one must stand near its name.")
@click.option("--not", "not_", multiple=True, help="Phrases in which its name is another's.")
@click.option("--sector", help="For the page.")
def add(
    name: str,
    ticker: str | None,
    aliases: tuple[str, ...],
    context: tuple[str, ...],
    not_: tuple[str, ...],
    sector: str | None,
) -> None:
    """Watch the company NAME; one that is watched already is defined anew."""
    fields = {
        "name": name, "ticker": ticker, "aliases": aliases, "context": context, "not": not_,
        "sector": sector,
    }  # fmt: skip
    if (wrong := wrong_length(fields)) is not None:
        raise DataFileError(f"This is no company that can be watched: {wrong}.")
    company = msgspec.convert(fields, WatchedCompany)
    _send([company], {one.name: one for one in _known()}, [])
    click.echo(f"Watching {name}.")


@watchlist.command()
@click.argument("names", nargs=-1, required=True)
def remove(names: tuple[str, ...]) -> None:
    """Watch the companies NAMES no more."""
    COMPANIES.remove(names)


@watchlist.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, which `load` reads again.")
def list_companies(as_json: bool) -> None:
    """List the companies that are watched, by name."""
    companies = _known()
    if as_json:
        COMPANIES.print_json(companies)
    elif companies:
        print_table(HEADINGS, map(_as_row, companies))
        click.echo(COMPANIES.counted(len(companies)), err=True)
    else:
        click.echo("No company is watched yet. Load some: `textwire watchlist load FILE`.")


@watchlist.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite the file.")
def export(file: Path, force: bool) -> None:
    """Write the companies to FILE as JSON Lines, which `load` and `backtest --watchlist` read."""
    companies = COMPANIES.known()
    if file.exists() and not force:
        raise DataFileError(f"{file} is there already. Name another, or add --force.")
    file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in companies))
    click.echo(f"Wrote {COMPANIES.counted(len(companies))} to {file}.")


def _known() -> list[WatchedCompany]:
    """Those on the topic; none where it is not there yet."""
    from textwire.stream.kafka.connecting import create_topics

    create_topics([NEWS_WATCHLIST])
    return COMPANIES.known()


def _send(new: list[WatchedCompany], known: dict[str, WatchedCompany], gone: list[str]) -> None:
    """Have companies watched, once it is sure that services can take them.

    Raises: SettingsError: a name would mean two companies.
    """
    after = known | {one.name: one for one in new}
    check_names_differ([one for name, one in after.items() if name not in gone])
    COMPANIES.delete(gone)  # before what may have their names
    COMPANIES.send(new)


def _removed(gone: list[str]) -> str:
    return f", and removed {COMPANIES.counted(len(gone))}" if gone else ""


def _as_row(company: WatchedCompany) -> list[str]:
    cells = (
        company.name,
        company.ticker or "",
        ", ".join(company.aliases),
        ", ".join(company.context),
        ", ".join(company.not_),
        company.sector or "",
    )
    return [readable(cell) for cell in cells]
