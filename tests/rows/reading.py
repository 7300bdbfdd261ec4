"""Reading a file as `textwire knowledge load` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.screening import Screening
from textwire.support_qa.messages import Passage


def rows_of(path: Path, *mapping: str, reading: Reading = AS_IT_COMES) -> list[Row | BadRow]:
    """Its rows, good and bad."""
    return list(read_rows(path, Columns.parse(Passage, mapping, made_up=("id",)), reading))


def good_rows(path: Path, *mapping: str) -> list[dict[str, Any]]:
    """The fields of its rows, all of which are good."""
    rows = rows_of(path, *mapping)
    assert [row for row in rows if isinstance(row, BadRow)] == []
    return [row.fields for row in rows if isinstance(row, Row)]


def remarks_of(path: Path, *mapping: str) -> list[str]:
    """What the reader assumed or passed over."""
    remarks: list[str] = []
    rows_of(path, *mapping, reading=Reading(tell=remarks.append))
    return remarks


def passages_of(path: Path, *mapping: str) -> tuple[list[Passage], Screening[Passage]]:
    """Its passages, and what was found on the way."""
    screening = Screening(Passage)
    return list(screening.let_through(path, rows_of(path, *mapping))), screening
