"""JSON Lines: one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from textwire.rows.columns import Columns
from textwire.rows.lines import read_lines
from textwire.rows.row import Advance, BadRow, Row, unwatched
from textwire.undecodable import NOT_DECODABLE


def read_jsonl(
    path: Path, columns: Columns, advance: Advance = unwatched
) -> Iterator[Row | BadRow]:
    """A row for each line that is not blank.

    Raises: DataFileError: the file cannot be read as text.
    """
    for number, line in enumerate(read_lines(path, advance), start=1):
        if not line.isspace():
            yield _parse(number, line, columns)


def _parse(number: int, line: str, columns: Columns) -> Row | BadRow:
    try:
        value = msgspec.json.decode(line)
    except NOT_DECODABLE as error:
        return BadRow(number, f"it is not JSON: {error}")
    if not isinstance(value, dict):
        return BadRow(number, "it is not a JSON object, such as {...}")
    present = {name: item for name, item in value.items() if item is not None}
    if hint := columns.hint(present):
        return BadRow(number, hint)
    return Row(number, columns.pick(present))
