"""The rows of files that cannot be used: where they stand, and why."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from textwire.errors import DataFileError

# A page of a terminal: who has more bad rows than this has one reason for all of them.
NAMED_BAD_ROWS = 20


class Place(NamedTuple):
    """Where a row stands."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}"


class BadRows:
    """The rows that cannot be used: all are counted, the first few are named."""

    def __init__(self) -> None:
        self.count = 0
        self._named: list[str] = []

    def add(self, place: Place, reason: str) -> None:
        """One more."""
        self.count += 1
        if len(self._named) < NAMED_BAD_ROWS:
            self._named.append(f"  {place}: {reason}")

    def __str__(self) -> str:
        unnamed = self.count - len(self._named)
        return "\n".join([*self._named, *([f"  and {unnamed:,} more"] if unnamed else [])])

    def refuse(self) -> None:
        """Stop when there is any.

        Raises: DataFileError: naming lines and reasons.
        """
        if self.count:
            rows = "1 row cannot" if self.count == 1 else f"{self.count:,} rows cannot"
            raise DataFileError(
                f"{rows} be used, so nothing was sent:\n{self}\n"
                "Mend them, or send the good rows alone with --skip-bad."
            )
