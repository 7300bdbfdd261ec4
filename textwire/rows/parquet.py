"""Parquet: columns of typed values, read a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textwire.errors import DataFileError
from textwire.rows.columns import Columns
from textwire.rows.matching import Match
from textwire.rows.row import AS_IT_COMES, Advance, BadRow, Reading, Row

# A few megabytes of long texts at most.
ROWS_AT_ONCE = 1_000


def read_parquet(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each row of the table; nulls are left out. Rows count from 1.

    Raises: DataFileError: the file is no Parquet, or its columns cannot fill a message.
    """
    import pyarrow.parquet as pq
    from pyarrow.lib import ArrowException

    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            match = columns.check(str(path), names)
            if told := columns.told(names, match):
                reading.tell(f"{path}: {told}.")
            advance_row = _stepwise(reading.advance, path.stat().st_size, file.metadata.num_rows)
            number = 0
            for batch in file.iter_batches(ROWS_AT_ONCE):
                for values in batch.to_pylist():
                    number += 1
                    yield _as_row(number, values, columns, match)
                advance_row(batch.num_rows)
    except (ArrowException, OSError) as error:
        raise DataFileError(f"{path} cannot be read as Parquet: {error}.") from error


def _as_row(number: int, values: dict[str, Any], columns: Columns, match: Match) -> Row | BadRow:
    filled = {name: value for name, value in values.items() if value not in (None, "")}
    fields = match.pick(filled)
    missing = columns.lacking(fields)
    if missing:
        return BadRow(number, f"`{missing[0]}` is empty")
    return Row(number, fields)


def _stepwise(advance: Advance, file_bytes: int, rows: int) -> Advance:
    """Rows, told as their part of the file's bytes."""
    return lambda count: advance(round(file_bytes * count / max(1, rows)))
