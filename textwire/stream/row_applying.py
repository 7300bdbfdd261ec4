"""Handing rows to whoever follows a table, so that a row on which they fail costs itself alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from textwire.errors import Unavailable
from textwire.stream.bisection import bisect
from textwire.stream.processor import Rejected
from textwire.stream.table_rows import Row

# Key to message of the topic's own kind; None where the key was deleted.
Changes = Mapping[str, Any]
Apply = Callable[[Changes], None]

# So many rows that were loaded together may all be bad. Where more of them fail and none passes,
# it is not the rows: an index is broken, an encoder, a disk.
MOST_AT_FAULT = 20


def apply_rows(apply: Apply, rows: Sequence[Row]) -> list[Rejected]:
    """Apply rows in their order.

    Returns: those on which `apply` failed; the others are applied.
    Raises:  Unavailable: no row is at fault.
             Whatever `apply` raises, where it fails on many and passes none.
    """
    made = bisect(partial(_apply_all, apply), rows)
    rejected = [
        Rejected(row.record, error, row.message)
        for row, error in zip(rows, made, strict=True)
        if isinstance(error, Exception)
    ]
    if len(rejected) == len(rows) > MOST_AT_FAULT:
        raise rejected[0].error
    return rejected


def _apply_all(apply: Apply, rows: Sequence[Row]) -> Sequence[Row]:
    try:
        apply({row.key: row.message for row in rows})
    except (MemoryError, OSError) as error:
        raise Unavailable(f"The machine lacks something: {error!r}.") from error
    except Exception:
        raise
    except BaseException as panic:  # what a library in Rust raises is no Exception
        raise RuntimeError(f"{type(panic).__name__}: {panic}") from panic
    return rows
