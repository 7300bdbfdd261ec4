"""The companies that are watched, and the file that names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec

from textwire.errors import DataFileError, RecordRejected, SettingsError
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import BadRow, Row, as_message
from textwire.samples import samples_dir
from textwire.sentiment_alerts.column_names import COMPANY_COLUMNS
from textwire.sentiment_alerts.linking.words import LEGAL_FORMS
from textwire.wire.message import Message

SEVERAL = ("aliases", "context", "not")
# As `WatchedCompany` has them, in the words of those who write them.
LENGTHS = {
    "name": ("name", 2, 200),
    "ticker": ("ticker", 1, 20),
    "aliases": ("alias", 2, 200),
    "context": ("context word", 2, 200),
    "not": ("phrase in which it is another's", 2, 200),
    "sector": ("sector", 0, 100),
}
Name = Annotated[str, msgspec.Meta(min_length=2, max_length=200)]


class WatchedCompany(Message, frozen=True, kw_only=True):
    """A company: its name, what else it is called, its ticker and its sector.

    context  words of which one must stand near, where the name alone may be another's.
    not_     phrases in which the name is another's; `not` in files and on topics.
    """

    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = COMPANY_COLUMNS

    name: Name
    ticker: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] | None = None
    aliases: tuple[Name, ...] = ()
    context: tuple[Name, ...] = ()
    not_: tuple[Name, ...] = msgspec.field(default=(), name="not")
    sector: Annotated[str, msgspec.Meta(max_length=100)] | None = None


def read_watchlist(path: Path, mapping: Sequence[str] = ()) -> list[WatchedCompany]:
    """The companies in a file: JSON Lines, or a table whose cells hold several names.

    Args:   mapping: columns of other names, as `field=column`.
    Raises: SettingsError: the file cannot be read, a row is wrong, or two companies share a name.
    """
    try:
        rows = list(read_rows(path, Columns.parse(WatchedCompany, mapping)))
    except DataFileError as error:
        raise SettingsError(f"The watchlist cannot be used: {error}") from error
    companies = [_as_company(path, row) for row in rows]
    if not companies:
        raise SettingsError(f"The watchlist {path} names no company. Write a line for each.")
    check_names_differ(companies, [f"{path}, line {row.line}" for row in rows])
    return companies


def parted(cell: str) -> list[str]:
    """The names in a cell: between bars, or else semicolons or line breaks, or else commas.

    A comma before a legal form parts nothing: "Amazon.com, Inc." is one name.
    """
    separator = next((one for one in ("|", ";", "\n") if one in cell), ",")
    names: list[str] = []
    for part in filter(None, map(str.strip, cell.split(separator))):
        is_legal_form = separator == "," and part.rstrip(".").lower() in LEGAL_FORMS
        if is_legal_form and names:
            names[-1] += f", {part}"
        else:
            names.append(part)
    return names


def wrong_length(fields: Mapping[str, str | Sequence[str] | None]) -> str | None:
    """Which text of a company is empty, too short or too long, in words; None where none is."""
    for field, (words, least, most) in LENGTHS.items():
        value = fields.get(field)
        if value is None:
            continue
        for text in (value,) if isinstance(value, str) else value:
            if text.strip() == "" and least:
                return f"its {words} is empty"
            if not least <= len(text.strip()) <= most:
                shown = f"{text.strip()[:40]!r}"
                return f"its {words} {shown} must have {least} to {most} characters"
    return None


def watchlist_path(configured: Path | None) -> Path:
    """The watchlist's file: as set, or that of the sample news.

    Raises: DataError: the samples are not there.
    """
    return configured or samples_dir() / "sentiment_alerts" / "watchlist.jsonl"


def check_names_differ(
    companies: Sequence[WatchedCompany], places: Sequence[str] | None = None
) -> None:
    """Make sure that a name means one company.

    Args:   places: where each company stands, for the message.
    Raises: SettingsError: naming both companies and their places.
    """
    owners: dict[str, int] = {}
    for number, company in enumerate(companies):
        for form in _forms(company):
            owner = owners.setdefault(form.casefold(), number)
            if owner != number:
                first = _told(companies, places, owner)
                raise SettingsError(
                    f"The watchlist calls two companies {form!r}: {first} and "
                    f"{_told(companies, places, number)}. Take it away from one of them."
                )


def _forms(company: WatchedCompany) -> Iterable[str]:
    names = dict.fromkeys((company.name, *company.aliases))
    return (*names, f"${company.ticker}") if company.ticker else names


def _told(companies: Sequence[WatchedCompany], places: Sequence[str] | None, number: int) -> str:
    place = f" ({places[number]})" if places else ""
    return f"{companies[number].name}{place}"


def _as_company(path: Path, row: Row | BadRow) -> WatchedCompany:
    if isinstance(row, BadRow):
        raise SettingsError(f"The watchlist {path}, line {row.line}: {row.reason}.")
    fields = dict(row.fields)
    for field in SEVERAL:
        if isinstance(cell := fields.get(field), str):
            fields[field] = parted(cell)
    try:
        return as_message(fields, WatchedCompany)
    except RecordRejected as error:
        raise SettingsError(f"The watchlist {path}, line {row.line}: {error}.") from error
