"""Training files: their names, and their rows as messages; wrong rows are named by line."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from textwire.errors import DataError, RecordRejected
from textwire.rows.bad_rows import BadRows, Place
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import BadRow, as_message
from textwire.rows.tidying import tidied
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)


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


def read_messages(path: Path, kind: type[M], mapping: Sequence[str] = ()) -> list[M]:
    """Every row of a JSON Lines or CSV file.

    Args:   mapping: `field=column`, for columns that are named otherwise than the fields.
    Raises: DataError: rows cannot be used; DataFileError: the file cannot be read.
    """
    return [placed.row for placed in read_placed(path, kind, mapping)]


def read_placed(
    path: Path,
    kind: type[M],
    mapping: Sequence[str] = (),
    check: Callable[[M], M] = lambda row: row,
) -> list[Placed[M]]:
    """The same, each with its line.

    Args: check: gives a row back, or raises RecordRejected.
    """
    bad = BadRows()
    rows: list[Placed[M]] = []
    for row in read_rows(path, Columns.parse(kind, mapping)):
        place = Place(path, row.line, row.where)
        if isinstance(row, BadRow):
            bad.add(place, row.reason)
            continue
        try:
            fields = tidied(row.fields, kind, strip=False)
            rows.append(Placed(place, check(as_message(fields, kind, strict=False))))
        except RecordRejected as rejected:
            bad.add(place, str(rejected))
    if bad.count:
        raise DataError(f"Rows cannot be used, so nothing was learned:\n{bad}\nMend them.")
    return rows
