"""Handing rows to whoever follows a table, so that a row on which they fail costs itself alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textwire.errors import Unavailable
from textwire.stream.bisection import in_pieces
from textwire.stream.processor import Rejected
from textwire.stream.tables.rows import Row

# Key to message of the topic's own kind; None where the key was deleted.
Changes = Mapping[str, Any]
Apply = Callable[[Changes], None]

# So many rows one after another may all be bad. Where more fail and none passes, it is not the
# rows: an index is broken, or an encoder.
MOST_AT_FAULT = 20


class RowApplier:
    """Applies rows in their order, and sets aside those on which that fails."""

    def __init__(self, apply: Apply) -> None:
        self._apply = apply
        self._failed_in_a_row = 0

    def apply(self, rows: Sequence[Row]) -> list[Rejected]:
        """Apply what can be applied.

        Returns: the rows on which `apply` failed.
        Raises:  Unavailable: no row is at fault.
                 Whatever `apply` raises, where it failed on many rows since one passed.
        """
        rejected = [
            Rejected(piece[0].record, error, piece[0].message)
            for piece, error in in_pieces(self._apply_all, rows)
            if error is not None
        ]
        failed = 0 if len(rejected) < len(rows) else self._failed_in_a_row + len(rejected)
        if failed > MOST_AT_FAULT:
            raise rejected[0].error
        self._failed_in_a_row = failed
        return rejected

    def _apply_all(self, rows: Sequence[Row]) -> None:
        try:
            self._apply({row.key: row.message for row in rows})
        except (MemoryError, OSError) as error:
            raise Unavailable(f"The machine lacks something: {error!r}.") from error
        except Exception:
            raise
        except BaseException as panic:  # what a library in Rust raises is no Exception
            raise RuntimeError(f"{type(panic).__name__}: {panic}") from panic
