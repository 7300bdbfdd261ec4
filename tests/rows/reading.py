"""Reading a file as `textwire knowledge load` does."""

from __future__ import annotations

from pathlib import Path

from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import BadRow, Row
from textwire.rows.screening import Screening
from textwire.support_qa.messages import Passage


def rows_of(path: Path, *mapping: str) -> list[Row | BadRow]:
    """Its rows, good and bad."""
    return list(read_rows(path, Columns.parse(Passage, mapping, made_up=("id",))))


def passages_of(path: Path, *mapping: str) -> tuple[list[Passage], Screening[Passage]]:
    """Its passages, and what was found on the way."""
    screening = Screening(Passage)
    return list(screening.let_through(path, rows_of(path, *mapping))), screening
