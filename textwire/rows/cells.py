"""A row of a table as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Cells(NamedTuple):
    """A row as it stands: its cells, or what is wrong with it."""

    line: int
    cells: Sequence[str]
    wrong: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not self.wrong and not any(cell.strip() for cell in self.cells)
