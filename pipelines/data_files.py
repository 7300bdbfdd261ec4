"""Rows of training files as messages; wrong ones are named by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from textwire.errors import DataError, RecordRejected
from textwire.knowledge.bad_rows import BadRows, Place
from textwire.knowledge.columns import Columns
from textwire.knowledge.files import read_rows
from textwire.knowledge.rows import BadRow, as_message
from textwire.messages import Message

M = TypeVar("M", bound=Message)


def read_messages(path: Path, kind: type[M], mapping: Sequence[str] = ()) -> list[M]:
    """Every row of a JSON Lines or CSV file.

    Args:   mapping: `field=column`, for columns that are named otherwise than the fields.
    Raises: DataError: rows cannot be used; KnowledgeFileError: the file cannot be read.
    """
    bad = BadRows()
    messages = []
    for row in read_rows(path, Columns.parse(kind, mapping)):
        place = Place(path, row.line)
        if isinstance(row, BadRow):
            bad.add(place, row.reason)
            continue
        try:
            messages.append(as_message(row.fields, kind))
        except RecordRejected as rejected:
            bad.add(place, str(rejected))
    if bad.count:
        raise DataError(f"Rows cannot be used, so nothing was learned:\n{bad}\nMend them.")
    return messages
