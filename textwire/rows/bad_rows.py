"""The rows of files that cannot be used: where they stand, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from textwire.errors import DataFileError

# A page of a terminal, with the first places of each reason.
NAMED_REASONS = 15
NAMED_PLACES = 4
# What differs between rows that are wrong in the same way: numbers, and what they hold.
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d,.]*")


class Place(NamedTuple):
    """Where a row stands: in a line, or as `where` says."""

    path: Path
    line: int
    where: str = ""

    def __str__(self) -> str:
        return f"{self.path}, {self.within}"

    @property
    def within(self) -> str:
        """The place in its file."""
        return self.where or f"line {self.line}"


@dataclass
class Alike:
    """Rows that are wrong in the same way."""

    reason: str  # of the first
    count: int = 0
    first: list[Place] = field(default_factory=list)

    def __str__(self) -> str:
        if self.count == 1:
            return f"  {self.first[0]}: {self.reason}"
        places = str(self.first[0])
        for before, place in zip(self.first, self.first[1:], strict=False):
            places += f"; {place.within if place.path == before.path else place}"
        more = self.count - len(self.first)
        unnamed = f"; and {more:,} more" if more else ""
        return f"  {self.count:,} rows: {self.reason}\n    {places}{unnamed}"


class BadRows:
    """The rows that cannot be used: counted by reason, the first of each named."""

    def __init__(self) -> None:
        self.count = 0
        self._by_reason: dict[str, Alike] = {}

    def add(self, place: Place, reason: str, alike: str | None = None) -> None:
        """One more.

        Args: alike: what reasons of this kind have in common, where it is not their words.
        """
        self.count += 1
        key = alike or _PARTICULAR.sub("…", reason)
        if key not in self._by_reason and len(self._by_reason) > 1_000:
            # No file is wrong in so many ways; the memory of reasons stays small.
            key, reason = "…", "for other reasons"
        rows = self._by_reason.setdefault(key, Alike(reason))
        rows.count += 1
        if len(rows.first) < NAMED_PLACES:
            rows.first.append(place)

    def __str__(self) -> str:
        by_count = sorted(self._by_reason.values(), key=lambda rows: -rows.count)
        named, unnamed = by_count[:NAMED_REASONS], by_count[NAMED_REASONS:]
        lines = [str(rows) for rows in named]
        if unnamed:
            left = sum(rows.count for rows in unnamed)
            lines.append(f"  and {left:,} more, for {len(unnamed):,} other reasons")
        return "\n".join(lines)

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
