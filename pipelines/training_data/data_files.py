"""Training files: their names, and their rows as messages; wrong rows are named by line."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import click

from pipelines.training_data.splits import split_named
from textwire.errors import DataError, RecordRejected
from textwire.rows.bad_rows import BadRows, Place
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import BadRow, Reading, as_message
from textwire.rows.screening import as_named, told_stand_ins
from textwire.rows.tidying import tidied
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)
OnBadRows = Literal["refuse", "offer to pass over", "pass over"]
_told: set[str] = set()
MADE_UP = ("id",)  # where a row has none, its content gives it one


class Placed(NamedTuple, Generic[M]):
    """A row, and where it stands."""

    place: Place
    row: M


def by_path(*files: Path) -> dict[str, Path]:
    """Files by their paths in the data folder: the deepest one that holds all of them.

    So two files of one name in two folders are told apart, and all of them can be moved together.
    """
    places = [Path(os.path.abspath(file)) for file in files]  # noqa: PTH100 - links stay links
    folder = os.path.commonpath([place.parent for place in places])
    return {place.relative_to(folder).as_posix(): place for place in places}


def read_messages(
    path: Path, kind: type[M], mapping: Sequence[str] = (), bad_rows: OnBadRows = "refuse"
) -> list[M]:
    """Every row of a file, in any form that `textwire knowledge load` and `recs replay` read.

    Args:   mapping: `field=column`, for columns that are named otherwise than the fields.
            bad_rows: as for `read_placed`.
    Raises: DataError: rows cannot be used; DataFileError: the file cannot be read.
    """
    return [placed.row for placed in read_placed(path, kind, mapping, bad_rows=bad_rows)]


def read_placed(
    path: Path,
    kind: type[M],
    mapping: Sequence[str] = (),
    check: Callable[[M], M] = lambda row: row,
    usual: Mapping[str, Any] | None = None,
    bad_rows: OnBadRows = "refuse",
) -> list[Placed[M]]:
    """The same, each with its line.

    Args: check: gives a row back, or raises RecordRejected.
          usual: what fields hold in rows that do not say; such a field needs no column.
          bad_rows: named, and all are refused; with how they can be passed over; or passed over.
    """
    bad = BadRows()
    rows: list[Placed[M]] = []
    usual = usual or {}
    columns = Columns.parse(kind, mapping, made_up=(*MADE_UP, *usual))
    remarks: dict[str, None] = {}
    stood_in: Counter[str] = Counter()
    for row in read_rows(path, columns, Reading(tell=lambda said: remarks.setdefault(said))):
        place = Place(path, row.line, row.where)
        if isinstance(row, BadRow):
            bad.add(place, row.reason)
            continue
        try:
            rows.append(Placed(place, check(_as_message({**usual, **row.fields}, kind, stood_in))))
        except RecordRejected as rejected:
            bad.add(place, str(rejected))
    rows = _put_right(path, kind, rows, remarks)
    remarks |= dict.fromkeys(f"{path}: {said}" for said in told_stand_ins(stood_in))
    tell(remarks)
    if bad.count and bad_rows == "pass over":
        tell([f"Passed over {bad.count:,} bad of {bad.count + len(rows):,} rows:\n{bad}"])
    elif bad.count:
        hint = "." if bad_rows == "refuse" else ", or learn from the others with --skip-bad."
        raise DataError(f"Rows cannot be used, so nothing was learned:\n{bad}\nMend them{hint}")
    return rows


def _put_right(
    path: Path, kind: type[M], rows: list[Placed[M]], remarks: dict[str, None]
) -> list[Placed[M]]:
    """The rows as they are meant, where only all of them together tell."""
    if kind.measured_by is None:
        return rows
    measure = kind.measured_by()
    for placed in rows:
        measure.see(placed.row)
    if measure.told:
        remarks.setdefault(f"{path}: {measure.told}")
    return [placed._replace(row=measure.put_right(placed.row)) for placed in rows]


def tell(remarks: Iterable[str]) -> None:
    """What was guessed; once, however often a file is read."""
    for remark in remarks:
        if remark not in _told:
            _told.add(remark)
            click.echo(remark, err=True)


def _as_message(fields: Mapping[str, Any], kind: type[M], stood_in: Counter[str]) -> M:
    if "split" in fields and "split" in kind.__struct_fields__:
        split = str(fields["split"]).strip()
        fields = {**fields, "split": split_named(split) if split else None}
    if _needs_id(kind):
        return as_named(fields, kind, stood_in=stood_in)
    return as_message(tidied(fields, kind), kind, strict=False)


# Once a kind and not once a row: msgspec reads all its annotations anew each time.
@cache
def _needs_id(kind: type[Message]) -> bool:
    return "id" in Columns(kind).required
